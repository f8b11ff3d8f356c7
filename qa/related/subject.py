"""What passages are to be related to: a passage of the corpus, or a text of somebody's own."""

from __future__ import annotations

from dataclasses import dataclass

from embeddings import Encoded, Encoder, TokenVectors
from qa.ask.caveats import cut_note
from qa.related.copies import Elsewhere
from qa.related.likeness import untitled
from qa.request_limits import checked_text
from qa.retrieval.lookup import passage
from qa.storage.view import View


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What passages are to be related to: a passage, or a text that is in no article."""

    text: str
    encoded: Encoded
    title: str = ""
    article_id: str | None = None
    chunks: frozenset[int] = frozenset()  # may not come back: itself; its whole article
    copies: Elsewhere = ()  # its very text in other articles
    notes: tuple[str, ...] = ()  # what of a text is not read

    @classmethod
    def of_text(cls, text: str, encoder: Encoder) -> Subject:
        """A text that is in no article. Raises InvalidInput when it is empty or too long."""
        text = checked_text(text, "text")
        [encoded] = encoder.encode_passages([text])
        return cls(text, encoded, notes=tuple(cut_note("text", text, encoded)))

    @classmethod
    def of_passage(cls, view: View, id_: str, *, whole_article: bool) -> Subject:
        """A passage as it is stored: nothing is encoded, so the model need not be loaded.

        With `whole_article` no other passage of its article may come back either. Raises NotFound
        or SourceChanged.
        """
        found = passage(view, id_)
        [vector] = view.vectors([found.chunk])
        [stored] = view.token_vectors([found.chunk])
        of_text = stored.tokens.spans[:, 0] >= 0  # those before it are of the title
        tokens = TokenVectors(stored.tokens.vectors[of_text], stored.tokens.spans[of_text])
        others = view.passages_of(found.article_key) if whole_article else []
        return cls(
            text=found.passage.text,
            encoded=Encoded(untitled(stored, vector), tokens),
            title=found.source.title or "",
            article_id=found.passage.article_id,
            chunks=frozenset([found.chunk, *(chunk for _, _, chunk in others)]),
            copies=found.also_in,
        )
