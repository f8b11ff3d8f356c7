"""What a question is narrowed to: in the address, in the form, as chips that are taken off."""

from __future__ import annotations

from fastapi.testclient import TestClient
from lxml import html


def opened(client: TestClient, path: str) -> html.HtmlElement:
    return html.fromstring(client.get(path).text)


def chips(page: html.HtmlElement) -> dict[str, str]:
    found = page.xpath("//ul[@class='chips']//a")
    return {link.xpath("string(span[1])"): link.get("href") for link in found}


def sources(page: html.HtmlElement) -> list[str]:
    return [cite.text for cite in page.xpath("//h3[@class='source']/cite")]


def test_filters_stay_in_the_form_and_are_chips(client: TestClient) -> None:
    page = opened(client, "/?q=pilots&publisher=evening+wire&publisher=&tag=&published_from=")

    assert sources(page) == ["Pilots, syndicated"]
    assert page.xpath("//input[@name='publisher']/@value") == ["evening wire"]
    assert page.xpath("//details[input or .//input[@name='publisher']]/@open") == [""]
    assert chips(page) == {"published by evening wire": "/?q=pilots"}


def test_a_phrase_an_exclusion_and_a_time_are_chips(client: TestClient) -> None:
    page = opened(client, '/?q="harbour pilot" since 2024 -crane&top_k=3')

    assert chips(page) == {
        "with the words “harbour pilot”": "/?q=harbour+pilot+since+2024+-crane&top_k=3",
        "dated from 2024, or not dated": (
            "/?q=%22harbour+pilot%22+since+2024+-crane&top_k=3&time=off"
        ),
        "without “crane”": "/?q=%22harbour+pilot%22+since+2024&top_k=3",
    }
    off = opened(client, '/?q="harbour pilot" since 2024&time=off')
    assert chips(off) == {"with the words “harbour pilot”": "/?q=harbour+pilot+since+2024&time=off"}


def test_what_a_question_quotes_is_a_chip_and_in_vain_a_note(client: TestClient) -> None:
    page = opened(client, '/?q=Who in all the world guides a "harbour pilot" there?')
    plain = "/?q=Who+in+all+the+world+guides+a+harbour+pilot+there%3F"
    assert chips(page) == {"“harbour pilot” first": plain}

    vain = opened(client, '/?q=Who in all the world guides a "pilot harbour" there?')
    assert list(chips(vain)) == ["the words of “pilot harbour”, one by one"]
    assert sources(vain)[0] == "Harbour pilots"
    assert vain.xpath("string(//p[@class='page-note'])") == (
        "No passage was found that has “pilot harbour” word for word: its words are looked for one "
        "by one."
    )


def test_the_end_of_a_long_question_is_said_not_to_be_read(client: TestClient) -> None:
    for path in (f"/?q={'Of+a+ship+' * 90}", f"/related?text={'Of+a+ship+' * 90}"):
        said = opened(client, path).xpath("string(//p[@class='page-note'])")
        assert " is too long: by meaning only its first 254 tokens are read, up to “…" in said


def test_exclusions_alone_and_no_date_are_said(client: TestClient) -> None:
    for path, said in (
        ("/?q=-crane", "The question only says what is not wanted (crane)"),
        ("/?q=crane&published_from=2024-13", "Published_from is '2024-13'; give YYYY"),
    ):
        answer = client.get(path)
        assert answer.status_code == 422
        assert said in html.fromstring(answer.text).xpath("string(//p[@role='alert'])")


def test_pages_go_on_and_back_and_keep_what_is_asked(client: TestClient) -> None:
    first = opened(client, "/?q=tide&top_k=1&sort=published")
    (after,) = first.xpath("//a[@rel='next']/@href")
    assert after == "/?q=tide&top_k=1&sort=published&offset=1"
    second = opened(client, after)
    assert second.xpath("//a[@rel='prev']/@href") == ["/?q=tide&top_k=1&sort=published"]
    assert second.xpath("//ol[@class='passages']/@start") == ["2"]
    assert second.xpath("//li[@class='passage']/@id") == ["passage-2"]
    assert first.xpath("//li[@class='passage']//a[@class='place-link']/@href") != second.xpath(
        "//li[@class='passage']//a[@class='place-link']/@href"
    )


def test_what_is_not_answered_is_not_marked(client: TestClient) -> None:
    page = opened(client, "/?q=Who+bakes+sourdough+bread%3F")

    assert page.xpath("//section[contains(@class, 'unanswered')]")
    assert sources(page)
    assert page.xpath("//mark") == []


def test_one_passage_of_each_article(client: TestClient) -> None:
    page = opened(client, "/?q=tide+ship&top_k=100&group_by=article")

    links = page.xpath("//li[@class='passage']//a[@class='place-link']/@href")
    articles = [link.partition("?")[0] for link in links]
    assert len(set(articles)) == len(articles) > 1
    assert page.xpath("//input[@name='group_by']/@checked") == ["checked"]
