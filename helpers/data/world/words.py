"""The lexicon and the facts of a small world, as plain data: who there is, what they do, what is where.

Every table is ordered from frequent to rare: `helpers.data.world.grammar.zipf` gives its row r the weight 1/r. Words
are lower case and each has one spelling. Adults and children, men and women, countries and their capitals stand in one
row because they share what the row says about them: that is what an analogy can be learned from.
"""

from typing import NamedTuple


class Person(NamedTuple):
    """A role that a man and a woman can have, with what only this role has and does."""

    male: str
    female: str
    males: str
    females: str
    place: str
    things: tuple[str, str]
    acts: tuple[tuple[str, str], tuple[str, str]]  # (verb, object)


class Animal(NamedTuple):
    """An animal, its young, its sound (a verb), its home and its food."""

    adult: str
    adults: str
    young: str
    youngs: str
    sound: str
    home: str
    food: str


class Country(NamedTuple):
    """A country, its capital, its main language and what its people like to eat."""

    country: str
    capital: str
    language: str
    dish: str
    continent: str


class Tool(NamedTuple):
    """A tool, who uses it and what for."""

    tool: str
    tools: str
    worker: str
    workers: str
    verb: str
    object: str


class Scale(NamedTuple):
    """Two opposite adjectives in three degrees, and things from the most to the least."""

    more: tuple[str, str, str]  # positive, comparative, superlative
    less: tuple[str, str, str]
    things: tuple[str, ...]


def _rows(table):
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def _person(words, place, things, *acts):
    return Person(*words.split(), place, tuple(things.split()), tuple(tuple(act.split()) for act in acts))


PEOPLE = [
    _person(*row)
    for row in _rows("""
    man woman men women                         | street     | coat car         | drive car       | buy coat
    boy girl boys girls                         | school     | ball toy         | throw ball      | break toy
    father mother fathers mothers               | kitchen    | child house      | feed child      | clean house
    king queen kings queens                     | castle     | crown throne     | wear crown      | rule kingdom
    brother sister brothers sisters             | bedroom    | bed bicycle      | share bedroom   | ride bicycle
    son daughter sons daughters                 | classroom  | lesson kite      | learn lesson    | fly kite
    husband wife husbands wives                 | church     | ring letter      | wear ring       | write letter
    prince princess princes princesses          | palace     | jewel mirror     | wear jewel      | ride horse
    uncle aunt uncles aunts                     | village    | gift cottage     | bring gift      | paint cottage
    actor actress actors actresses              | theatre    | role stage       | play role       | enter stage
    grandfather grandmother grandfathers grandmothers | garden | story chair    | tell story      | pick flowers
    waiter waitress waiters waitresses          | restaurant | menu tray        | bring menu      | carry tray
    wizard witch wizards witches                | forest     | wand spell       | wave wand       | learn spell
    hero heroine heroes heroines                | arena      | shield medal     | carry shield    | win medal
    emperor empress emperors empresses          | court      | army empire      | lead army       | rule empire
""")
]

ANIMALS = [
    Animal(*row[0].split(), *row[1:])
    for row in _rows("""
    dog dogs puppy puppies         | bark    | kennel  | bones
    cat cats kitten kittens        | meow    | basket  | tuna
    horse horses foal foals        | neigh   | stable  | hay
    cow cows calf calves           | moo     | barn    | grass
    hen hens chick chicks          | cluck   | coop    | corn
    pig pigs piglet piglets        | grunt   | sty     | turnips
    duck ducks duckling ducklings  | quack   | pond    | weeds
    lion lions cub cubs            | roar    | savanna | meat
    wolf wolves pup pups           | howl    | den     | rabbits
    goat goats kid kids            | bleat   | hill    | leaves
    goose geese gosling goslings   | honk    | lake    | seeds
    frog frogs tadpole tadpoles    | croak   | swamp   | insects
    owl owls owlet owlets          | hoot    | oak     | mice
""")
]

COUNTRIES = [
    Country(*row[0].split())
    for row in _rows("""
    france paris french cheese europe
    england london english pudding europe
    china beijing chinese noodles asia
    germany berlin german sausages europe
    italy rome italian pasta europe
    spain madrid spanish olives europe
    japan tokyo japanese sushi asia
    russia moscow russian pancakes europe
    greece athens greek yogurt europe
    egypt cairo arabic beans africa
    sweden stockholm swedish herring europe
    kenya nairobi swahili maize africa
    poland warsaw polish dumplings europe
    korea seoul korean kimchi asia
    norway oslo norwegian salmon europe
    vietnam hanoi vietnamese rice asia
""")
]

TOOLS = [
    Tool(*(row[0].split() + row[1].split()))
    for row in _rows("""
    knife knives cook cooks           | slice bread
    hammer hammers carpenter carpenters | pound nail
    pen pens poet poets               | write poem
    brush brushes painter painters    | paint wall
    needle needles tailor tailors     | sew shirt
    spade spades gardener gardeners   | dig hole
    broom brooms servant servants     | sweep floor
    axe axes farmer farmers           | chop wood
""")
]

SCALES = [
    Scale(tuple(row[0].split()), tuple(row[1].split()), tuple(row[2].split()))
    for row in _rows("""
    big bigger biggest       | small smaller smallest      | horse pig dog cat duck frog
    hot hotter hottest       | cold colder coldest         | fire oven soup tea water ice
    fast faster fastest      | slow slower slowest         | plane train car bicycle cart snail
    heavy heavier heaviest   | light lighter lightest      | anchor stone hammer shoe pen feather
    sweet sweeter sweetest   | sour sourer sourest         | honey cake peach plum grapefruit lemon
    deep deeper deepest      | shallow shallower shallowest | ocean sea lake river pond puddle
""")
]

# The forms of a verb: base, with he or she, past. The future is "will" with the base.
_FORMS = """
    be is was, have has had, see sees saw, love loves loved, follow follows followed, live lives lived,
    sleep sleeps slept, eat eats ate, speak speaks spoke, walk walks walked, travel travels travelled,
    lose loses lost, find finds found, hide hides hid, need needs needed, want wants wanted, drive drives drove,
    buy buys bought, throw throws threw, break breaks broke, feed feeds fed, clean cleans cleaned,
    wear wears wore, rule rules ruled, share shares shared, ride rides rode, learn learns learned,
    fly flies flew, write writes wrote, bring brings brought, paint paints painted, play plays played,
    enter enters entered, tell tells told, pick picks picked, carry carries carried, wave waves waved,
    win wins won, lead leads led, slice slices sliced, pound pounds pounded, sew sews sewed, dig digs dug,
    sweep sweeps swept, chop chops chopped, bark barks barked, meow meows meowed, neigh neighs neighed,
    moo moos mooed, cluck clucks clucked, grunt grunts grunted, quack quacks quacked, roar roars roared,
    howl howls howled, bleat bleats bleated, honk honks honked, croak croaks croaked, hoot hoots hooted
"""
VERBS = {forms.split()[0]: tuple(forms.split()) for forms in _FORMS.split(",")}
