import pytest

from qa.errors import InvalidInput
from qa.ingest.decode import Decoded, decode

CENTRAL = [
    "Ruski ambasador u Srbiji rekao je da će se pritisak na Srbiju povećati. Vučić je šef države.",
    "President Aleksandar Vučić met Ivica Dačić in Belgrade on Thursday.",
    "Příliš žluťoučký kůň úpěl ďábelské ódy. Ministr řekl, že se situace zhoršila.",
    "Minister powiedział, że sytuacja się pogorszyła. Łódź płynęła.",
    "Az elnök szerint a helyzet rosszabbodott, ezért új intézkedésekre van szükség. Őszi szél.",
    "Veľvyslanec vyhlásil, že situácia je ťažká a vláda musí konať.",
]
WESTERN = [
    "Le président a déclaré que la situation était très difficile. Les élèves sont à la fenêtre.",
    "La città è più grande di così. Perché no?",
    "El señor presidente dijo que mañana habrá una reunión. ¿Qué pasará después?",
    "A situação não é fácil, disse o ministro. As eleições são amanhã.",
    "Statsministeren sagde, at situationen er blevet værre. Børn på øen får øl og æbler.",
    "Statsministern sade att läget har blivit sämre på många håll.",
    "Der Präsident erklärte, die Lage sei schwierig. Über die Maßnahmen müsse man sprechen.",
    "The \u201cquick\u201d brown fox, it\u2019s a café.",
]


@pytest.mark.parametrize("text", CENTRAL)
def test_central_european_letters_are_read_as_cp1250(text):
    assert Decoded(text, "cp1250", ("not UTF-8; read as cp1250",)) == decode(text.encode("cp1250"))


@pytest.mark.parametrize("text", WESTERN)
def test_western_european_letters_are_read_as_cp1252(text):
    assert Decoded(text, "cp1252", ("not UTF-8; read as cp1252",)) == decode(text.encode("cp1252"))


CYRILLIC = [
    "Посол заявил, что переговоры по Косову зашли в тупик.",
    "Амбасадор је рекао да ће се притисак на Србију повећати.",
    "Посланикът заяви, че преговорите за Косово продължават.",
]


@pytest.mark.parametrize("encoding", ["cp1251", "iso8859_5", "koi8_r"])
@pytest.mark.parametrize("text", CYRILLIC)
def test_cyrillic_is_read_in_each_of_its_encodings(text, encoding):
    data = text.encode(encoding, "ignore")  # koi8_r has no "ј"

    note = f"not UTF-8; read as {encoding}"
    assert Decoded(data.decode(encoding), encoding, (note,)) == decode(data)


def test_one_word_of_cyrillic_is_enough():
    text = "In Belgrade the paper «Правда» was sold out by noon."

    assert decode(text.encode("cp1251")).text == text


@pytest.mark.parametrize("text", [CENTRAL[0], CENTRAL[2], CENTRAL[5]])
def test_central_european_letters_are_read_in_iso_8859_2_too(text):
    data = text.encode("iso8859_2")

    assert Decoded(text, "iso8859_2", ("not UTF-8; read as iso8859_2",)) == decode(data)


@pytest.mark.parametrize("text", ["© 2026 »Vjesnik« Čačak, ćao", "«Ćao», rekao je Vučić. §§ ±5°"])
def test_signs_are_not_taken_for_the_letters_that_iso_8859_2_has_in_their_place(text):
    assert decode(text.encode("cp1250")).text == text


def test_without_accented_letters_the_western_code_page_is_the_default():
    expected = Decoded("“quoted”", "cp1252", ("not UTF-8; read as cp1252",))
    assert expected == decode(b"\x93quoted\x94")


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("čaj\n".encode(), "utf-8"),
        ("čaj\n".encode("utf-8-sig"), "utf-8"),
        ("čaj\n".encode("utf-16"), "utf-16"),
        ("\ufeffčaj\n".encode("utf-16-be"), "utf-16"),
        ("čaj\n".encode("utf-32"), "utf-32"),
    ],
)
def test_unicode_is_recognised_by_its_mark_or_its_form(data, encoding):
    decoded = decode(data)

    assert decoded.text.strip("\ufeff\n") == "čaj"
    assert (encoding, ()) == (decoded.encoding, decoded.notes)


def test_utf_8_with_a_damaged_byte_is_still_utf_8_and_said():
    data = "čaj i šećer, žuto".encode() + b"\xc5"

    expected = Decoded(
        "čaj i šećer, žuto\ufffd", "utf-8", ("UTF-8 with damaged bytes; U+FFFD stands in 1 places",)
    )
    assert expected == decode(data)


def test_a_declared_encoding_comes_after_utf_8_and_before_guessing():
    assert Decoded("мир", "cp1251") == decode("мир".encode("cp1251"), "windows-1251")
    assert Decoded("мир", "utf-8") == decode("мир".encode(), "windows-1251")


def test_latin_1_is_read_as_its_superset_as_browsers_do():
    assert Decoded("\u201cété\u201d", "cp1252") == decode(b"\x93\xe9t\xe9\x94", "ISO-8859-1")


@pytest.mark.parametrize("declared", ["no-such-thing", "base64", "utf-8", "x" * 500])
def test_a_declaration_that_cannot_be_true_is_passed_over(declared):
    assert decode("très élevé à la fin".encode("cp1252"), declared).encoding == "cp1252"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"text with one \0 in it",
        b"\xff\xfe\x00",
        bytes(range(1, 32)) * 10,
        b"\0\1" * 100,
    ],
)
def test_bytes_that_are_no_text_are_refused(data):
    with pytest.raises(InvalidInput, match="not a text") as info:
        decode(data)

    assert info.value.code == "binary"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known_by_its_zeros(encoding):
    decoded = decode("UTF-16 without a mark, “č”".encode(encoding))

    assert (decoded.text, decoded.encoding) == ("UTF-16 without a mark, “č”", encoding)


def test_a_few_control_characters_are_no_reason_to_refuse():
    assert decode(b"\x0cpage two\x1a").text == "\x0cpage two\x1a"


@pytest.mark.parametrize("data", [bytes([byte]) for byte in range(1, 256)])
def test_every_single_byte_is_read_as_something(data):
    assert len(decode(data).text) == 1


OTHERS = [
    ("Посол России заявил, что переговоры зашли в тупик. Стороны встретятся в мае.", "cp866"),
    (
        "Посол России заявил, что переговоры зашли в тупик. Стороны встретятся в мае.",
        "mac_cyrillic",
    ),
    ("Міністр заявив, що переговори тривають. Її колеги поїхали до Києва.", "koi8_u"),
    ("Ο υπουργός δήλωσε ότι οι διαπραγματεύσεις θα συνεχιστούν.", "cp1253"),
    ("Bakan, görüşmelerin süreceğini söyledi. Üç ülke anlaşmaya vardı.", "cp1254"),
    ("Ministras pareiškė, kad derybos tęsis. Šalys susitiks gegužės mėnesį.", "cp1257"),
    ("قال الوزير إن المفاوضات سوف تستمر. والتقى الطرفان في شهر مايو.", "cp1256"),
    ("השר אמר כי השיחות יימשכו. הצדדים ייפגשו שוב בחודש מאי.", "cp1255"),
    ("大臣は協議が続くと述べた。両国は五月に東京で再び会談する予定である。", "shift_jis"),
    ("大臣は協議が続くと述べた。両国は五月に東京で再び会談する予定である。", "euc_jp"),
    ("大臣は協議が続くと述べた。両国は五月に東京で再び会談する予定である。", "iso2022_jp"),
    ("部长表示谈判将继续进行。双方将于五月在北京再次会面。", "gb18030"),
    ("部長表示談判將繼續進行。雙方將於五月在臺北再次會面。", "big5"),
    ("장관은 협상이 계속될 것이라고 말했다. 양측은 오월에 서울에서 다시 만난다.", "euc_kr"),
    ("Minister powiedział, że rozmowy będą trwały. Źródła są zgodne.", "iso8859_2"),
    ("Minister powiedział, że rozmowy będą trwały. Źródła są zgodne.", "cp852"),
    ("Der Präsident erklärte, die Gespräche würden fortgesetzt. Über Maßnahmen später.", "cp850"),
    ("Le ministre a déclaré que les négociations se poursuivraient à la fenêtre.", "mac_roman"),
]


@pytest.mark.parametrize(("text", "encoding"), OTHERS)
def test_other_alphabets_and_systems_are_told_by_their_letters(text, encoding):
    assert decode(text.encode(encoding)).text == text


def test_what_fits_no_encoding_is_refused_with_the_way_out():
    with pytest.raises(InvalidInput, match="--encoding") as info:
        decode(b"a \x81\x8d b \x8f\x90 c \x9d\xa4 d \xa6\xac e \xd0\xd7 f " * 3)

    assert info.value.code == "encoding"


def test_the_encoding_that_is_named_comes_first():
    data = "мир и дом".encode("cp1251")

    assert decode(data, "utf-8", told="windows-1251") == Decoded("мир и дом", "cp1251")
    with pytest.raises(InvalidInput, match="not in the encoding 'utf-8'"):
        decode(data, told="utf-8")
    with pytest.raises(InvalidInput, match="not in the encoding 'nonsense'"):
        decode(data, told="nonsense")
