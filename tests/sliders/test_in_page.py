"""The HTML of a figure in the book: its structure, its labels, and nothing that a title can break."""

import base64
import json
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import pytest

from helpers.sliders.controls import Control
from helpers.sliders.differences import apply_changes
from helpers.sliders.drawing import Picture
from helpers.sliders.in_page import figure_page

NASTY = """</script><!-- <script> "it's" & a < b ]]> ü ‖∂L‖"""
VOID = {"input"}

STEPS = Control("steps", "steps", "range", (1, 2, 3), ("1", "2", "300"), 1)
MENU = Control("kind", "kind of <unit>", "select", ("a", "b"), ("a", NASTY), 1)
BOX = Control("noted", "noted", "checkbox", (False, True), ("off", "on"), 1)


class Tree(HTMLParser):
    """HTML as an element tree; it fails where a browser would have to guess."""

    def __init__(self, source):
        super().__init__()
        self.root = ElementTree.Element("page")
        self.open = [self.root]
        self.feed(source)
        self.close()
        assert self.open == [self.root], "an element is not closed"

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        assert len(names) == len(set(names)), "an attribute twice"
        element = ElementTree.SubElement(self.open[-1], tag, {name: value or "" for name, value in attributes})
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        if self.open[-1].tag == tag:
            self.open.pop()
        else:
            assert tag == self.open[-1][-1].tag, f"{tag} closes {self.open[-1].tag}"

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data):
        parent = self.open[-1]
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + data
        else:
            parent.text = (parent.text or "") + data


def pictures(count):
    svg = '<svg viewBox="0 0 9 9" aria-hidden="true"><text x="{0}">t{0}</text></svg>'
    return [Picture((ElementTree.fromstring(svg.format(i)),), f"Sentence {i}: {NASTY}") for i in range(count)]


def page(controls, start=0, key="figure-1-it"):
    count = 1
    for control in controls:
        count *= len(control.values)
    return Tree(figure_page(key, controls, pictures(count), start)).root


def data_of(root):
    return json.loads(root.find(".//script").text)


ALL = [STEPS, MENU, BOX]
START = 1 * 4 + 1 * 2 + 1


def test_the_first_frame_and_its_sentence_are_there_without_a_script():
    root = page(ALL, START)
    figure = root.find("figure")
    assert figure.get("class") == "interact"
    assert figure.find(".//div[@class='interact-picture']/div[@class='interact-panel']/svg/text").text == f"t{START}"
    assert figure.find("figcaption").text == f"Sentence {START}: {NASTY}"


def test_the_picture_is_an_image_named_by_its_sentence():
    figure = page(ALL, START).find("figure")
    picture, caption = figure.find(".//div[@class='interact-picture']"), figure.find("figcaption")
    assert picture.get("role") == "img"
    assert picture.get("aria-labelledby") == caption.get("id")
    assert picture.find("./div/svg").get("aria-hidden") == "true"


def test_every_control_has_its_label():
    root = page(ALL, START)
    controls = root.findall(".//input") + root.findall(".//select")
    labels = {label.get("for"): label.text for label in root.iter("label")}
    assert len(controls) == 3
    assert {labels[control.get("id")] for control in controls} == {"steps", "kind of <unit>", "noted"}
    group = root.find(".//div[@role='group']")
    assert group.get("aria-label")
    assert "data-waiting" in group.attrib


def test_the_controls_start_where_the_first_frame_is_and_wait_for_the_script():
    root = page(ALL, START)
    slider, box = root.find(".//input[@type='range']"), root.find(".//input[@type='checkbox']")
    assert {k: slider.get(k) for k in ("min", "max", "step", "value", "aria-valuetext")} == {
        "min": "0",
        "max": "2",
        "step": "1",
        "value": "1",
        "aria-valuetext": "2",
    }
    assert "checked" in box.attrib
    options = root.findall(".//option")
    assert [(o.get("value"), o.text, "selected" in o.attrib) for o in options] == [
        ("0", "a", False),
        ("1", NASTY, True),
    ]
    for control in (slider, box, root.find(".//select")):
        assert "disabled" in control.attrib
        assert control.get("autocomplete") == "off", "a browser that reloads must not keep where the slider was"


def test_a_box_that_is_off_is_not_checked():
    assert "checked" not in page([BOX._replace(start=0)]).find(".//input").attrib


def test_the_number_beside_a_slider_has_room_for_the_longest():
    root = page(ALL, START)
    output = root.find(".//output")
    assert (output.text, output.get("data-width"), output.get("aria-hidden")) == ("2", "3", "true")
    assert output.get("for") == root.find(".//input").get("id")


def test_the_news_are_polite_and_empty_at_first():
    news = page(ALL, START).find(".//p[@class='interact-news']")
    assert (news.get("aria-live"), news.text) == ("polite", None)


def test_the_data_give_every_frame_back():
    root = page(ALL, START)
    data = data_of(root)
    (panel,) = data["panels"]
    assert panel["bases"] == [None]
    assert data["controls"][0] == {"name": "steps", "texts": ["1", "2", "300"], "start": 1}
    assert data["controls"][1]["texts"] == ["a", NASTY]
    assert data["sentences"] == [f"Sentence {i}: {NASTY}" for i in range(12)]
    assert len(panel["shown"]) == 12
    shown = root.find(".//div[@class='interact-panel']/svg")
    for i, place in enumerate(panel["shown"]):
        base, changes = panel["frames"][place]
        assert base == 0
        text = apply_changes(shown, changes).find("text")
        assert (text.get("x"), text.text) == (str(i), f"t{i}")


def test_a_frame_of_another_structure_is_stored_whole():
    other = Picture((ElementTree.fromstring("<svg><g>&lt;/script&gt;</g></svg>"),), "Other.")
    root = Tree(figure_page("k", [STEPS], [*pictures(2), other], 1)).root
    (panel,) = data_of(root)["panels"]
    assert panel["bases"][0] is None
    assert ElementTree.fromstring(panel["bases"][1]).find("g").text == "</script>"
    assert [panel["frames"][place][0] for place in panel["shown"]] == [0, 0, 1]


def test_nothing_ends_the_data_before_their_end():
    source = figure_page("k", ALL, pictures(12), START)
    block = source.split('<script type="application/json">')[1].split("</script>")[0]
    assert json.loads(block)
    assert "<" not in block
    assert source.count("<script") == source.count("</script>") == 1


def test_there_is_no_script_no_handler_and_no_style_of_its_own():
    for element in page(ALL, START).iter():
        assert element.tag != "style"
        assert element.tag != "script" or element.attrib == {"type": "application/json"}
        assert not {name for name in element.attrib if name == "style" or name.startswith("on")}


def ids_in(*sources):
    return [element.get("id") for element in Tree("".join(sources)).root.iter() if "id" in element.attrib]


@pytest.mark.parametrize("controls", [ALL, [STEPS], []])
def test_ids_are_unique_on_a_page_with_several_figures(controls):
    count = 12 if len(controls) == 3 else 3 if controls else 1
    ids = ids_in(*(figure_page(f"figure-{i}", controls, pictures(count), 0) for i in (1, 2)))
    assert len(ids) == len(set(ids)) == 2 * (2 + len(controls))


def test_a_control_takes_no_id_that_the_figure_has():
    bare = ids_in(figure_page("k", [STEPS], pictures(3), 0))
    for taken in {identity.removeprefix("k-") for identity in bare} | {"sentence"}:
        ids = ids_in(figure_page("k", [STEPS._replace(name=taken)], pictures(3), 0))
        assert len(ids) == len(set(ids)) == 3


def test_a_still_figure_has_no_controls_and_no_data():
    root = page([])
    assert {element.tag for element in root.iter()} == {"page", "figure", "div", "svg", "text", "figcaption"}


def test_the_same_figure_gives_the_same_page():
    assert figure_page("k", ALL, pictures(12), START) == figure_page("k", ALL, pictures(12), START)


@pytest.mark.parametrize("name", ['a" onfocus="alert(1)', "two words", "a<b>", "1"])
def test_a_name_that_is_no_identifier_breaks_nothing(name):
    controls = [STEPS._replace(name=name), MENU._replace(name=name + "'"), BOX]
    source = figure_page("k", controls, pictures(12), START)
    root = Tree(source).root
    ids = [element.get("id") for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids)) == 5
    assert not any(set(identity) & set(" \"'<>") for identity in ids)
    assert not {attribute for element in root.iter() for attribute in element.attrib if attribute.startswith("on")}
    assert {label.get("for") for label in root.iter("label")} <= set(ids)


TIME = Control("step", "step", "play", (0, 1, 2), ("0", "1", "2"), 0, 200)


def test_what_plays_has_named_buttons_a_slider_and_its_pace():
    root = page([TIME, MENU])
    row = root.find(".//div[@class='interact-control']")
    assert [button.get("aria-label") for button in row.iter("button")] == ["Play", "One step back", "One step on"]
    for button in root.iter("button"):
        assert button.get("type") == "button"
        assert button.get("title") == button.get("aria-label")
    assert row.find(".//div[@class='interact-play']").get("data-interval") == "200"
    slider = row.find(".//input[@type='range']")
    assert (slider.get("max"), slider.get("id")) == ("2", row.find("label").get("for"))
    assert len(root.findall(".//div[@class='interact-play']")) == 1


def test_what_sounds_has_its_sound_in_the_page_and_a_button_to_listen():
    root = page([TIME._replace(sound=b"RIFF", times=(0, 1 / 3, 2))])
    assert [button.get("aria-label") for button in root.iter("button")][3] == "Listen"
    (audio,) = root.iter("audio")
    assert audio.attrib == {
        "preload": "none",
        "data-times": "0 0.3333 2",
        "src": f"data:audio/wav;base64,{base64.b64encode(b'RIFF').decode()}",
    }


def test_panels_share_controls_and_sentence_and_each_has_its_differences():
    def tree(width, text):
        source = f'<svg viewBox="0 0 {width} 9"><text>{text}</text></svg>'
        return ElementTree.fromstring(source)

    frames = [Picture((tree(144, i % 2), tree(360, "still")), f"{i}.") for i in range(6)]
    root = Tree(figure_page("k", [STEPS, BOX], frames, 3)).root
    assert root.find("figure").get("data-panels") == "2"
    boxes = root.findall(".//div[@role='img']/div[@class='interact-panel']")
    assert [box.get("data-inches") for box in boxes] == ["2", "5"]
    assert [box.find("svg/text").text for box in boxes] == ["1", "still"]
    first, second = data_of(root)["panels"]
    assert first["frames"] == [[0, [[1, {"": "0"}]]], [0, []]]
    assert first["shown"] == [0, 1, 0, 1, 0, 1]
    assert (second["frames"], second["shown"]) == ([[0, []]], [0] * 6)
