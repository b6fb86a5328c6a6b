"""The elements of Amazon's reference and their attributes, in one table: what the lint knows of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LOADER: Final = "//assets.crowd.aws/"

# An attribute with * is required, one with = holds a JavaScript-like value, with =[] a list.
# The label of crowd-slider is ours: what a screen reader says of it; Amazon's passes over it.
_TABLE: Final = """
crowd-classifier                           name* categories*=[] header* initial-value exclusion-category=
crowd-classifier-multi-select              name* categories*=[] header* initial-value exclusion-category=
crowd-image-classifier                     name* categories*=[] header* src* overlay= initial-value
crowd-image-classifier-multi-select        name* categories*=[] header* src* exclusion-category= initial-value
crowd-checkbox                             name* value checked disabled required
crowd-radio-button                         name* value checked disabled
crowd-radio-group                          name allow-empty-selection
crowd-toggle-button                        name* value checked disabled invalid required
crowd-input                                name* type label placeholder value required disabled max-length min-length
                                           allowed-pattern auto-validate error-message auto-focus
crowd-text-area                            name* label placeholder value rows max-rows max-length char-counter required
                                           allowed-pattern auto-validate error-message auto-focus disabled
crowd-slider                               name* min max step value pin editable required disabled label
                                           secondary-progress
crowd-slider-label                         position
crowd-bounding-box                         name* header* src* labels*=[] initial-value=
crowd-keypoint                             name* header* src* labels*=[] initial-value=
crowd-polygon                              name* header* src* labels*=[] initial-value=
crowd-line                                 name* header* src* labels*=[] initial-value= label-colors=
crowd-polyline                             name* header* src* labels*=[] initial-value= label-colors=
crowd-semantic-segmentation                name* header* src* labels*=[] initial-value=
crowd-instance-segmentation                name* header* src* labels*=[] initial-value=
crowd-entity-annotation                    name* header text* labels*=[] initial-value=
crowd-text-ranking                         name* header ordinal-ranking-dimensions*=[] text responses*=
crowd-question-answer-generation           name* text min-questions max-questions question-min-words question-max-words
                                           answer-min-words answer-max-words question-tags= allow-custom-question-tags
crowd-textract-analyze-document            src* header initial-value= keys= block-types= no-key-edit no-geometry-edit
crowd-rekognition-detect-moderation-labels src* header categories*=[] exclusion-category=
crowd-form                                 answer-format
crowd-button                               form-action variant disabled loading href target icon icon-align icon-url
                                           type name value
crowd-instructions                         link-text link-type
crowd-tabs                                 selected
crowd-tab                                  header
crowd-card                                 heading image
crowd-alert                                type dismissible
crowd-badge                                for icon label
crowd-fab                                  icon label title disabled
crowd-icon-button                          icon disabled
crowd-modal                                link-text link-type
crowd-toast                                duration text opened
"""
_EVERYWHERE: Final = frozenset(
    ["id", "class", "style", "title", "slot", "hidden", "lang", "dir", "role", "tabindex", "part", "is", "translate"]
)
_PREFIXES: Final = ("data-", "aria-", "on")
REGIONS: Final = frozenset(
    [
        "classification-target",
        "detailed-instructions",
        "full-instructions",
        "negative-example",
        "positive-example",
        "short-instructions",
        "short-summary",
        "worker-comment",
    ]
)


@dataclass(frozen=True)
class Element:
    """What is known of one element."""

    attributes: frozenset[str]
    required: tuple[str, ...]
    values: frozenset[str]
    lists: frozenset[str]

    def knows(self, attribute: str) -> bool:
        """Say whether it has the attribute, or every element has.

        Examples
        --------
        >>> KNOWN["crowd-slider"].knows("max"), KNOWN["crowd-slider"].knows("categories")
        (True, False)
        """
        return attribute in self.attributes or attribute in _EVERYWHERE or attribute.startswith(_PREFIXES)


def _read() -> dict[str, Element]:
    rows: dict[str, list[str]] = {}
    name = ""
    for word in _TABLE.split():
        if word.startswith("crowd-"):
            name = word
        rows.setdefault(name, [])
        if word != name:
            rows[name].append(word)
    return {tag: _element(words) for tag, words in rows.items()}


def _element(words: list[str]) -> Element:
    plain = {word: word.removesuffix("[]").removesuffix("=").removesuffix("*") for word in words}
    return Element(
        attributes=frozenset(plain.values()),
        required=tuple(plain[word] for word in words if "*" in word),
        values=frozenset(plain[word] for word in words if "=" in word),
        lists=frozenset(plain[word] for word in words if word.endswith("[]")),
    )


KNOWN: Final = _read()
