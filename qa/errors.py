"""One family of errors: each has a stable code and says what mends it.

Every code stands here, once. The last list is told in docs/cli.md, the others in docs/api.md.
"""

from __future__ import annotations

from typing import Literal

# Said by the server alone, before or instead of what was asked for.
ServerCode = Literal[
    "bad_request",
    "invalid_host",
    "host_not_allowed",
    "unauthorized",
    "signed_out",
    "cross_site",
    "read_only_key",
    "not_found",
    "method_not_allowed",
    "too_slow",
    "headers_too_large",
    "body_too_large",
    "too_many_lines",
    "unsupported_media",
    "invalid_request",
    "too_many_wrong_keys",
    "too_many_connections",
    "internal",
    "starting",
    "shutting_down",
]
# Of what was sent or asked for, by whatever way.
RequestCode = Literal[
    "invalid_input",
    "too_large",
    "too_long",
    "empty",
    "invalid_json",
    "invalid_id",
    "encoding",
    "invalid_date",
    "invalid_field",
    "invalid_top_k",
    "invalid_offset",
    "missing_text",
    "text_or_passage",
    "passage_of_other",
    "too_many_quotations",
    "article_not_found",
    "passage_not_found",
    "source_changed",
    "job_not_found",
    "job_ended",
    "nothing_to_retry",
    "article_changed",
    "ended",
]
# Of a text or file that could not be read, and of a job that could not go on.
ReadingCode = Literal[
    "unreadable",
    "gave_up",
    "unknown_type",
    "no_text_column",
    "binary",
    "bad_front_matter",
    "bad_pdf",
    "encrypted",
    "no_text",
    "unreadable_text",
    "failed",
]
# Of the corpus, and of the machine that it is on.
CorpusCode = Literal[
    "error",
    "unavailable",
    "overloaded",
    "outdated",
    "behind",
    "mismatch",
    "encoder_mismatch",
    "chunking_mismatch",
    "encoder_error",
    "corpus_broken",
    "no_corpus",
    "read_only",
    "storage_error",
    "unwritable",
    "unfinished",
    "disk_full",
    "database_away",
]
# Of the command line, and of settings that `qa serve` does not start with.
CommandCode = Literal[
    "readme",
    "questions_file",
    "no_article",
    "not_meant",
    "is_address",
    "not_fetched",
    "article_of_draft",
    "draft_options",
    "no_draft",
    "usage",
    "invalid_mode",
    "invalid_setting",
    "invalid_keys",
    "keys_required",
    "invalid_hosts",
    "invalid_tls",
    "port_in_use",
    "cannot_bind",
    "no_backup",
    "file_exists",
    "is_folder",
    "in_use",
    "not_empty",
    "not_beir",
    "not_judged",
    "quote_not_found",
    "too_few_questions",
    "nothing_to_calibrate",
    "one_set",
    "invalid_format",
    "no_matplotlib",
    "no_mcp",
    "no_postgres",
    "is_database",
    "copy_differs",
]
# What an answer over HTTP may say: of a request, or in a job of one of its inputs.
HttpCode = Literal[ServerCode, RequestCode, ReadingCode, CorpusCode]
Code = ServerCode | RequestCode | ReadingCode | CorpusCode | CommandCode


class FootnoteError(Exception):
    """Base of all errors that are meant for the user."""

    code: Code = "error"

    def __init__(self, message: str, *, code: Code | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class InvalidInput(FootnoteError):
    """The request or the file cannot be used as it is."""

    code: Code = "invalid_input"


class TooLarge(InvalidInput):
    """Something is over a limit; the message names the limit and the size."""

    code: Code = "too_large"


class GaveUp(InvalidInput):
    """Reading took more time or memory than it may, or killed the process that read."""

    code: Code = "gave_up"


class Ended(FootnoteError):
    """The job is over, and can no longer be changed."""

    code: Code = "ended"


class ArticleChanged(FootnoteError):
    """The article is no longer what it was when whoever writes looked at it."""

    code: Code = "article_changed"


class NotFound(FootnoteError):
    """No such article, passage or job."""

    code: Code = "not_found"


class SourceChanged(NotFound):
    """A passage id of an earlier version of an article."""

    code: Code = "source_changed"


class Mismatch(FootnoteError):
    """The corpus was built with another encoder or chunking than the one at hand."""

    code: Code = "mismatch"


class CorpusBroken(FootnoteError):
    """The store itself cannot be read: nothing derived can mend it."""

    code: Code = "corpus_broken"


class EncoderError(FootnoteError):
    """The model cannot be loaded, or its weights are not what they should be."""

    code: Code = "encoder_error"


class Unavailable(FootnoteError):
    """The service cannot answer now: still starting, or shutting down."""

    code: Code = "unavailable"


class Behind(Unavailable):
    """This server does not show yet what is asked for: it is at an earlier generation."""

    code: Code = "behind"


class StorageError(Unavailable):
    """The disk, or the limits of the process, refuse for now: it is tried again."""

    code: Code = "storage_error"


class NoSpace(StorageError):
    """The disk is full. What was acknowledged is stored; the rest is to be sent again."""

    code: Code = "disk_full"


class ReadOnly(FootnoteError):
    """The corpus was opened to be read only."""

    code: Code = "read_only"


class Overloaded(Unavailable):
    """More requests than can be worked on at a time."""

    code: Code = "overloaded"
