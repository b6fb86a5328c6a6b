"""Rules and a daily budget in; for each prediction, whether a person should see it, out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.routing.arguments import VERSION, budget_of, item_id_of, settings_of
from a2i_al.routing.budget import MILLION, Budget
from a2i_al.routing.days import microseconds, zone_of
from a2i_al.routing.decision import NO_RULE, NOT_REACHED, REACHED, SPENT, Decision, picks_of
from a2i_al.routing.percentage import lot_of
from a2i_al.routing.rule import Rule
from a2i_al.routing.rulebook import Rulebook
from a2i_al.routing.scores import LEAST_CONFIDENCE, score_of
from a2i_al.routing.seen import untied
from a2i_al.routing.values import Prediction

if TYPE_CHECKING:
    import pandas as pd


class Router:
    """Decides for each prediction of a model in production, as it arrives, whether a person should see it.

    A review is decided by the first of these that applies:

    1. `Never` lists: no review.
    2. `Always` lists: a review, on a day whose budget is spent too.
    3. The budget is spent: no review.
    4. Rules that do not draw: a review. With a budget, they name the candidates, and the most uncertain of these are
       reviewed, as far as it reaches; if no rule does so, every prediction is a candidate.
    5. Rules that draw (`Percentage`, A2I's `Sampling`): a review of what is in the sample. The budget keeps back what
       they will need.

    Parameters
    ----------
    rules : iterable of Rule
        Any one is enough; ``&`` and ``|`` join several into one.
    budget_per_day : int, optional
        The most reviews a day; only items on an `Always` list can exceed it.
    score : str, default "least_confidence"
        What the budget goes by: 1 - `confidence`; ``"margin"`` of the ``proba_<label>``; or any column of numbers from
        0, higher being more urgent. A prediction without it is the most urgent.
    tz : str, default "UTC"
        Whose days the budget is for, such as ``"Europe/Zurich"``.
    random_state : int, default 0
        Which samples the percentages draw.
    state : mapping, optional
        From `state`, to go on where another router was.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind.

    Notes
    -----
    How the budget is paced, and the papers it comes from: `a2i_al.routing.budget`. It learns the day's shape from the
    days before, bursts included; on the first one it takes traffic to go on as it came, so if that ends early, much of
    the budget is left. A budget that is too small for the sampling rules leaves what comes late without a chance, and
    says so in the `inclusion_probability`. Decisions depend on the rules, the predictions, their times and the state
    alone; a prediction that is decided on twice counts twice. One that is up to a day behind the last counts for the
    present, one that is further behind for its own day, so a clock that is years ahead stops the budget for nobody
    else. Where several processes route the same traffic, each needs a budget of its own, as copies and pickles of a
    router have, or the state be written back on the condition that nobody else did meanwhile. How it runs in a Lambda
    function: `a2i_al.routing`.

    Examples
    --------
    >>> from a2i_al.routing import Column, Confidence, Percentage
    >>> router = Router([Confidence(below=0.8), Column("amount", ">", 1000), Percentage(5)])
    >>> router.decide({"predicted_label": "ok", "confidence": 0.95, "amount": 1200}, item_id="order-7")
    Decision(item_id='order-7', review=True, reasons=('amount > 1000',), inclusion_probability=1.0)
    >>> router.decide({"predicted_label": "ok", "confidence": 0.95, "amount": 12}, item_id="order-8")
    Decision(item_id='order-8', review=False, reasons=('no rule asks for it',), inclusion_probability=0.05)
    """

    def __init__(
        self,
        rules: Iterable[Rule] = (),
        *,
        budget_per_day: int | None = None,
        score: str = LEAST_CONFIDENCE,
        tz: str = "UTC",
        random_state: int = 0,
        state: Mapping[str, Any] | None = None,
    ) -> None:
        self.rules = tuple(arguments.several("rules", rules, "rules, such as [Confidence(below=0.8)]"))
        self.budget_per_day, self.score, self.random_state = settings_of(budget_per_day, score, random_state)
        self.tz, saved, zone = tz, budget_of(state), zone_of(tz)
        self._budget = None if self.budget_per_day is None else Budget(self.budget_per_day, zone, saved)
        self._rulebook = Rulebook(self.rules, random_state=self.random_state, everything=self._budget is not None)
        self._lock = Lock()

    def decide(
        self,
        prediction: Prediction,
        *,
        item_id: str | int | None = None,
        now: datetime | None = None,
        still_to_come: int | None = None,
    ) -> Decision:
        """Decide about one prediction.

        Parameters
        ----------
        prediction : mapping
            The values that the rules are about; a raw response of Textract or Rekognition is one too.
        item_id : str or int, optional
            The item; the prediction's `item_id` if left out.
        now : datetime, optional
            Aware; the present if left out. Only a budget depends on it.
        still_to_come : int, optional
            How many more predictions the day brings, for who knows it; otherwise the budget forecasts it.

        Returns
        -------
        Decision

        Raises
        ------
        InvalidInput
            If there is no id, a value is not of its kind, or a value that a rule is about is absent.

        Examples
        --------
        >>> from a2i_al.routing import Confidence
        >>> Router([Confidence(below=0.8)]).decide({"confidence": 0.5}, item_id=7).reasons
        ('confidence below 0.8 or missing',)
        """
        name = item_id_of(prediction, item_id)
        if still_to_come is not None:
            arguments.whole("still_to_come", still_to_come, 0)
        judged = self._rulebook.judge(prediction, name)
        reached, spent = judged.candidate, False
        if self._budget is not None:
            score = untied(score_of(prediction, self.score), lot_of(name, self._rulebook.lots))
            moment = microseconds(datetime.now(tz=UTC) if now is None else now)
            chance = MILLION if judged.always else round(judged.chance * MILLION)
            with self._lock:
                self._budget.arrive(moment, still_to_come)
                reached, spent = self._budget.take(
                    score if judged.candidate else None, drawn=judged.drawn, always=judged.always, chance=chance
                )
        if judged.listed:
            return Decision(name, judged.always, (judged.listed.reason,), float(judged.always))
        if spent:
            return Decision(name, review=False, reasons=(SPENT,), inclusion_probability=0.0)
        if reached:
            why = (*judged.sure, *judged.sampled, *([REACHED] if self._budget else []))
            return Decision(name, review=True, reasons=why, inclusion_probability=1.0)
        why = judged.sampled or (NOT_REACHED if judged.candidate else NO_RULE,)
        return Decision(name, judged.drawn, why, judged.chance)

    def decide_table(self, predictions: pd.DataFrame, *, now: Any = None) -> pd.DataFrame:
        """Decide about a table of predictions, all rules a column at a time.

        Parameters
        ----------
        predictions : DataFrame
            With an `item_id`, and the columns that the rules are about.
        now : datetime, str, or sequence of datetime, optional
            When the rows arrived: the name of a column, a moment for each row, or one for all. Only a budget depends
            on it: the rows are a stream then, decided as `decide` does one by one, the oldest first, whatever their
            order in the table. If left out, they are all that today still brings, as a nightly batch is, and the most
            uncertain of them are reviewed.

        Returns
        -------
        DataFrame
            `item_id`, `review`, `reason` and `inclusion_probability`, in the order of the rows.

        Raises
        ------
        InvalidTable
            If it is no table with an id in every row.
        InvalidInput
            If a value is not of its kind, or a column that a rule is about is absent.

        Examples
        --------
        >>> import pandas as pd
        >>> from a2i_al.routing import Confidence
        >>> Router([Confidence(below=0.8)]).decide_table(pd.DataFrame({"item_id": [1, 2], "confidence": [0.5, 0.9]}))
          item_id  review                           reason  inclusion_probability
        0       1    True  confidence below 0.8 or missing                    1.0
        1       2   False              no rule asks for it                    0.0
        """
        # Imported here: numpy and pandas are for tables.
        from a2i_al.routing.deciding import decide_table  # noqa: PLC0415

        with self._lock:
            return decide_table(self._rulebook, predictions, budget=self._budget, score=self.score, now=now)

    def picks(self, decisions: pd.DataFrame | Iterable[Decision | Mapping[str, Any]]) -> pd.DataFrame:
        """Return the reviews among decisions as a picks table, for `Workflow.submit`, and then for `a2i_al.estimate`.

        Give all decisions, not the reviews alone; a log of `Decision.to_dict` will do. What `inclusion_probability` and
        `n_candidates` are tells `a2i_al.routing.decision.picks_of`.

        Examples
        --------
        >>> Router().picks([Decision("7", True, ("5 % sample",), 0.05)])["strategy"].tolist()
        ['router']
        """
        return picks_of(decisions)

    def state(self) -> dict[str, Any]:
        """Return what the budget has to remember, as plain JSON values: some kilobytes.

        Examples
        --------
        >>> router = Router(budget_per_day=10)
        >>> decision = router.decide({"confidence": 0.5}, item_id="1")
        >>> Router(budget_per_day=10, state=router.state()).state() == router.state()
        True
        """
        with self._lock:
            return {"version": VERSION, "budget": self._budget.state() if self._budget else None}

    def to_dict(self) -> dict[str, Any]:
        """Return the router, without its state, as plain JSON values.

        Examples
        --------
        >>> from a2i_al.routing import Confidence
        >>> Router.from_dict(Router([Confidence(below=0.8)], budget_per_day=10).to_dict())
        Router([Confidence(below=0.8, per_class={}, column='confidence')], budget_per_day=10)
        """
        return {
            "rules": [rule.to_dict() for rule in self.rules],
            "budget_per_day": self.budget_per_day,
            "score": self.score,
            "tz": self.tz,
            "random_state": self.random_state,
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, Any], *, state: Mapping[str, Any] | None = None) -> Router:
        """Return the router that `to_dict` wrote, with the state that `state` gave, if there is one.

        Raises
        ------
        InvalidInput
            If it is no router's.
        """
        try:
            settings = dict(document)
            rules = [Rule.from_dict(each) for each in settings.pop("rules")]
            return cls(rules, **settings, state=state)
        except (KeyError, TypeError, ValueError) as error:
            if isinstance(error, InvalidInput):
                raise
            found = f"document is {arguments.told(document)}, and no router: {error}"
            raise InvalidInput(found, expected="what Router.to_dict gave") from error

    # Copies and pickles go on from the state that there is, each by itself.
    def __getstate__(self) -> dict[str, Any]:
        return {**self.to_dict(), "rules": self.rules, "state": self.state()}

    def __setstate__(self, settings: dict[str, Any]) -> None:
        Router.__init__(self, **settings)

    def __repr__(self) -> str:
        defaults = {"budget_per_day": None, "score": LEAST_CONFIDENCE, "tz": "UTC", "random_state": 0}
        given = [
            f", {name}={getattr(self, name)!r}" for name, usual in defaults.items() if getattr(self, name) != usual
        ]
        return f"Router({list(self.rules)!r}{''.join(given)})"
