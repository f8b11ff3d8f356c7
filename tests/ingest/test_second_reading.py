from qa.ingest.web.html import read_page
from qa.ingest.web.second_reading import _left_over, second_reading


def paragraphs(number: int, name: str) -> str:
    said = "the harbour master said that the pilot boards at dawn, and guides the ship into port"
    return "".join(f"<p>{name} {i}: {said}, number {i}.</p>" for i in range(number))


def test_both_of_two_articles_are_read():
    first, second = paragraphs(4, "First"), paragraphs(12, "Second")
    page = read_page(f"<body><article>{first}</article><article>{second}</article></body>")

    assert [page.text.count(name) for name in ("First", "Second")] == [4, 12]
    assert page.meta.notes == ()


def test_the_longer_text_is_taken_and_that_is_said():
    refrain = f"<p>{'The pilot boards at dawn, and guides the ship into the harbour. ' * 7}</p>"
    page = read_page(f"<body><article><h1>The pilot</h1>{refrain * 6}</article></body>")

    assert page.text.count("The pilot boards at dawn") == 42
    size = "2,697 characters instead of 457"
    note = f"the main text was read by a second reader, which found more: {size}"
    assert page.meta.notes == (note,)


def test_a_longer_text_that_is_another_one_is_only_said():
    markup = f"<html><body><article>{paragraphs(20, 'Second')}</article></body></html>"
    text = "The tide turns twice a day in this harbour, as it does in all of them."

    kept, notes = second_reading(text, 2000, markup)

    assert kept == text
    size = "2,139 characters instead of 70"
    assert notes == (f"a second reader found a longer text, which is not this one: {size}",)


def test_a_page_without_so_much_prose_is_not_read_twice():
    markup = f"<html><body><article>{paragraphs(20, 'Second')}</article></body></html>"

    assert second_reading("The tide turns.", 800, markup) == ("The tide turns.", ())


def test_prose_of_the_article_that_no_reader_took_is_said():
    markup = f"<html><body><article>{paragraphs(20, 'Second')}</article></body></html>"

    note = "its <article> has 2,120 characters of prose, of which 800 were taken"
    assert _left_over(markup, 1600, 800) == (note,)
    assert _left_over(markup, 3000, 1800) == ()
    assert _left_over(markup.replace("<article>", "<article></article><article>"), 1, 0) == ()
