import math
from dataclasses import replace

import pytest

from embeddings import HashEncoder
from embeddings.reader.pair_reader import PairReader
from qa.ask.calibration import Calibration
from qa.corpus import Corpus
from qa.errors import CorpusBroken, InvalidInput, ReadOnly
from qa.evaluation.calibrate import calibrate
from qa.storage.sqlite.backup import back_up, restore
from tests.conftest import sql
from tests.evaluation.last_word import LastWord

# For the hash encoder, confidence is the logistic function of -4 + 5 sentence + 4 coverage: of a
# question that stands there word for word 5, of one that has none of its words there -4.
HERE, NOWHERE = "The pilot boards at dawn", "Zebra stripes"
HIGH, LOW = 1 / (1 + math.exp(-5)), 1 / (1 + math.exp(4))
# Ten questions that are right of ten such: 11/12 is wanted, and of ten wrong ones 1/12.
SCALE = 2 * math.log(11) / 9
SHIFT = math.log(11) - 5 * SCALE


class OtherHash(HashEncoder):
    """The same vectors, of an encoder that has another name."""

    name = "other hash"


@pytest.fixture
def asked(corpus, document):
    """A corpus of two articles."""
    list(corpus.add([document("pilots", f"{HERE}."), document("bread", "The oven is hot.")]))
    return corpus


@pytest.fixture
def questions(tmp_path):
    """Writes as many questions with and without an answer as are named."""

    def write(answerable=10, unanswerable=10, expected="pilots"):
        rows = [f"{HERE},{expected}"] * answerable + [f"{NOWHERE},"] * unanswerable
        path = tmp_path / "mine.csv"
        path.write_text("\n".join(["question,article", *rows]), "utf-8")
        return path

    return write


def confidences(corpus, **options):
    return [corpus.ask(question, **options).confidence for question in (HERE, NOWHERE)]


def given(corpus, depth="off", **fields):
    """Stores a calibration that was made for a depth of a corpus, whatever it is worth."""
    made_for = fields.pop("made_for", corpus.made_for(depth))
    own = Calibration(0.5, 1.0, 12, 11, "2026-01-02T03:04:05Z", made_for)
    corpus.calibrations.keep(depth, replace(own, **fields))


AS_FITTED = [round(HIGH, 4), round(LOW, 4)]
AS_GIVEN = [round(1 / (1 + math.exp(-3.5)), 4), round(1 / (1 + math.exp(1)), 4)]


# --- made and kept -------------------------------------------------------------------------------


def test_a_corpus_is_calibrated_by_its_own_questions(asked, questions):
    assert confidences(asked) == AS_FITTED
    found = calibrate(asked, questions())

    assert (found["scale"], found["shift"]) == pytest.approx((SCALE, SHIFT), abs=1e-3)
    assert confidences(asked) == [round(11 / 12, 4), round(1 / 12, 4)]
    assert confidences(asked, calibrated=False) == AS_FITTED
    assert (found["read"], found["answerable"], found["unanswerable"]) == ("off", 10, 10)
    assert (found["right"], found["stored"]) == (10, True)


def test_what_it_is_worth_is_told_by_questions_that_it_was_not_made_of(asked, questions):
    found = calibrate(asked, questions())

    assert found["before"]["ece"] == pytest.approx((1 - HIGH + LOW) / 2, abs=1e-4)
    assert found["before"]["auroc"] == 1
    # Nine of either kind are left for each tenth: 10/11 and 1/11 is what they want.
    assert found["after"] == {"ece": round(1 / 11, 4), "auroc": 1.0}


def test_questions_that_find_a_wrong_passage_lower_the_confidence(asked, questions):
    path = questions()
    path.write_text(path.read_text("utf-8") + f"\n{HERE}," * 10, "utf-8")
    found = calibrate(asked, path)

    # Of twenty such ten were right, for 11/12, and ten of the twenty wrong ones, for 1/22.
    assert confidences(asked)[0] == pytest.approx((11 / 12 + 1 / 22) / 2, abs=1e-4)
    assert found["before"]["auroc"] == found["after"]["auroc"] == 0.75


def test_the_confidence_counts_from_one_half_on_unless_a_threshold_is_given(asked, tmp_path):
    given(asked, scale=1.0, shift=-4.9)
    assert asked.ask(HERE).confidence == round(1 / (1 + math.exp(-0.1)), 4)
    assert (asked.ask(HERE).answered, asked.ask(HERE, threshold=0.6).answered) == (True, False)
    given(asked, scale=1.0, shift=-5.1)
    assert (asked.ask(HERE).answered, asked.ask(HERE, threshold=0.4).answered) == (False, True)

    with Corpus.open(asked.folder, model="hash", threshold=0.4) as lenient:
        assert lenient.ask(HERE).answered


def test_a_second_calibration_takes_the_place_of_the_first(asked, questions):
    given(asked)
    first = calibrate(asked, questions())

    assert confidences(asked) == [round(11 / 12, 4), round(1 / 12, 4)]  # not scaled twice
    assert calibrate(asked, questions()) == first


def test_what_would_be_stored_can_be_seen_before(asked, questions):
    found = calibrate(asked, questions(), keep=False)

    assert found == {**calibrate(asked, questions()), "stored": False}
    asked.calibrations.reset()
    calibrate(asked, questions(), keep=False)
    assert (confidences(asked), asked.status()["calibration"]) == (AS_FITTED, [])


def test_it_is_told_how_far_the_asking_is(asked, questions):
    seen = []
    calibrate(asked, questions(), progress=lambda total, done: seen.append((total, done)))

    assert seen == [(20, n) for n in range(1, 21)]


def test_it_is_taken_out_again(asked, questions):
    assert not asked.calibrations.reset()
    calibrate(asked, questions())

    assert asked.calibrations.reset()
    assert (confidences(asked), asked.status()["calibration"]) == (AS_FITTED, [])
    assert not asked.calibrations.reset()


# --- what it holds for ---------------------------------------------------------------------------


def test_it_holds_for_one_depth_and_one_reader(asked):
    asked._reader = LastWord()
    fitted = {depth: confidences(asked, read=depth) for depth in ("deep", "fast", "off")}
    given(asked, "fast")

    assert confidences(asked, read="fast") != fitted["fast"]
    assert confidences(asked, read="deep") == fitted["deep"]
    assert confidences(asked, read="off") == fitted["off"] == AS_FITTED
    asked._reader = LastWord("another digest")
    assert confidences(asked, read="fast") == fitted["fast"]


def test_what_it_holds_for_is_known_before_the_reader_is_loaded(asked):
    given(asked, "deep")
    asked._reader = LastWord(PairReader.digest)

    assert confidences(asked, read="deep") != confidences(asked, read="deep", calibrated=False)
    assert confidences(asked, read="deep", rerank=False) == confidences(
        asked, read="deep", rerank=False, calibrated=False
    )


def test_each_depth_has_its_own(asked, questions):
    asked._reader = LastWord()
    made = {depth: calibrate(asked, questions(), depth) for depth in ("off", "fast")}

    assert [made[depth]["read"] for depth in made] == ["off", "fast"]
    assert [row["read"] for row in asked.status()["calibration"]] == ["off", "fast"]
    for depth in made:
        assert confidences(asked, read=depth) == [round(11 / 12, 4), round(1 / 12, 4)]


def test_it_holds_for_the_way_that_it_was_made_in(asked):
    ways = ({"rerank": False}, {"mode": "dense"}, {"mode": "lexical"})
    fitted = [confidences(asked, **way) for way in ways]
    given(asked)

    assert [confidences(asked, **way) for way in ways] == fitted
    assert confidences(asked) == AS_GIVEN


def test_it_holds_for_one_encoder(asked):
    given(asked)
    asked.close()
    with Corpus.open(asked.folder, encoder=OtherHash(), read="off", reindexing=True) as other:
        other.reindex()
        assert confidences(other) == AS_FITTED
        assert [row["in_use"] for row in other.status()["calibration"]] == [False]

    with Corpus.open(asked.folder, encoder=HashEncoder(), reindexing=True) as again:
        again.reindex()
        assert confidences(again) == AS_GIVEN


def test_it_does_not_hold_for_other_coefficients(asked):
    given(asked, made_for="what another version makes of all that")

    assert confidences(asked) == AS_FITTED
    assert [row["in_use"] for row in asked.status()["calibration"]] == [False]


def test_the_status_says_when_it_was_made_and_of_how_many_questions(asked):
    given(asked)
    given(asked, "deep")

    assert asked.status(check=False)["calibration"] == [
        {
            "read": depth,
            "made": "2026-01-02T03:04:05Z",
            "answerable": 12,
            "unanswerable": 11,
            "in_use": True,
        }
        for depth in ("off", "deep")
    ]


def test_nothing_that_was_found_is_less_than_a_confidence_of_0(corpus):
    given(corpus)

    assert corpus.ask(HERE).confidence == 0


# --- where it is kept ----------------------------------------------------------------------------


def test_another_process_has_it_from_the_next_question_on(asked):
    with Corpus.open(asked.folder, model="hash") as other:
        given(other)
        assert confidences(asked) == AS_GIVEN
        other.calibrations.reset()
        assert confidences(asked) == AS_FITTED


def test_it_is_part_of_a_backup(asked, tmp_path):
    given(asked)
    back_up(asked.folder, tmp_path / "backup.db")
    restore(tmp_path / "backup.db", tmp_path / "restored")

    with Corpus.open(tmp_path / "restored", model="hash") as restored:
        assert confidences(restored) == AS_GIVEN
        assert restored.problems() == []


def test_a_corpus_that_is_only_read_has_it_and_gets_none(asked, questions, tmp_path):
    given(asked)
    asked.close()
    with Corpus.open(asked.folder, model="hash", read_only=True) as archive:
        assert confidences(archive) == AS_GIVEN
        with pytest.raises(ReadOnly):
            calibrate(archive, tmp_path / "not even read.csv")
        with pytest.raises(ReadOnly):
            archive.calibrations.reset()
        assert calibrate(archive, questions(), keep=False)["right"] == 10
        assert confidences(archive) == AS_GIVEN


# --- what cannot be read -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "entry",
    [
        "{",
        "[]",
        '{"off": 3}',
        '{"off": {"scale": 1.0}}',
        '{"off": {"scale": 1.0, "shift": 0.0, "slope": 2.0}}',
        '{"off": {"scale": -1.0, "shift": 0, "answerable": 1, "unanswerable": 1, "made": "",'
        ' "made_for": ""}}',
        '{"off": {"scale": 1.0, "shift": NaN, "answerable": 1, "unanswerable": 1, "made": "",'
        ' "made_for": ""}}',
        '{"off": {"scale": "1", "shift": 0, "answerable": 1, "unanswerable": 1, "made": "",'
        ' "made_for": ""}}',
    ],
)
def test_one_that_cannot_be_read_is_an_error_and_can_be_taken_out(asked, questions, entry):
    with asked.storage.changing() as change:
        change.set_meta({"calibration": entry})
    for work in (asked.ask, lambda _: asked.status(), lambda _: given(asked)):
        with pytest.raises(CorpusBroken, match=r"take it out with `qa calibrate --reset`"):
            work(HERE)

    assert asked.calibrations.reset()
    assert confidences(asked) == AS_FITTED


def test_one_that_somebody_wrote_over_is_damage_to_the_corpus(asked):
    given(asked)
    change = "UPDATE meta SET value = replace(value, ?, ?) WHERE key = 'calibration'"
    with sql(asked) as db:
        db.execute(change, ("0.5", "9.5"))
    with pytest.raises(CorpusBroken, match="the table meta is not what was stored: restore the"):
        asked.ask(HERE)
    with sql(asked) as db:
        db.execute(change, ("9.5", "0.5"))

    assert confidences(asked) == AS_GIVEN


# --- questions that do not suffice ---------------------------------------------------------------


@pytest.mark.parametrize("counts", [(9, 10), (10, 9), (20, 0), (0, 20)])
def test_too_few_questions_of_a_kind_are_refused(asked, questions, counts):
    path = questions(*counts)
    with pytest.raises(InvalidInput) as caught:
        calibrate(asked, path)

    assert caught.value.code == "too_few_questions"
    assert caught.value.message == (
        f"{path} has {counts[0]} questions with an answer and {counts[1]} without: calibrating "
        "needs 10 of either kind, and is better with more"
    )


def test_questions_that_are_never_answered_right_are_refused(asked, questions, document):
    texts = ("The pilot boards.", "The pilot boards at noon.", "The pilot is at dawn.")
    list(asked.add(document(f"near{n}", text) for n, text in enumerate(texts)))
    with pytest.raises(InvalidInput, match="none of the questions has its place among the first 3"):
        calibrate(asked, questions(expected="bread"))


def test_confidence_that_says_nothing_is_refused(asked, tmp_path):
    path = tmp_path / "upside down.csv"
    rows = [f"{NOWHERE},bread"] * 10 + [f"{HERE},"] * 10
    path.write_text("\n".join(["question,article", *rows]), "utf-8")
    with pytest.raises(InvalidInput, match="the confidence is no higher where the answer is right"):
        calibrate(asked, path)

    assert asked.status()["calibration"] == []


def test_articles_are_no_questions(asked, tmp_path):
    with pytest.raises(InvalidInput, match=r"is a folder: give the questions alone, a \.csv or"):
        calibrate(asked, tmp_path)
