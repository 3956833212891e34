"""Where the data comes from: tasks, vocabularies and languages whose truth is known."""
