"""Human review for machine learning, from a notebook.

    pool → sample → submit → review → harvest → consolidate → measure → retrain → (pool)

Each name below loads with its first use: importing this package loads neither boto3 nor scikit-learn nor matplotlib.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from a2i_al.lazy import lazy

if TYPE_CHECKING:
    from a2i_al import aws, datasets, errors, metrics, routing, sampling, tables, templates
    from a2i_al.batch import Batch
    from a2i_al.errors import A2IError
    from a2i_al.harvest.read import Harvest, read_outputs
    from a2i_al.harvest.workers import worker_names
    from a2i_al.labels import RunningLabels, consolidate, needs_another_review, worker_quality
    from a2i_al.local import SimulatedReviewer
    from a2i_al.metrics import (
        ClassesDisplay,
        Comparison,
        ConfusionDisplay,
        DriftDisplay,
        LearningCurveDisplay,
        RatesDisplay,
        ReliabilityDisplay,
        RiskCoverageDisplay,
        ThresholdDisplay,
        VersionsDisplay,
        choose_threshold,
        compare,
        estimate,
        estimation_scores,
        reviewer_agreement,
    )
    from a2i_al.retrain.cycle import RetrainCycle
    from a2i_al.retrain.trainer import InProcessTrainer, predictions_of
    from a2i_al.routing import Router
    from a2i_al.sampling import sample
    from a2i_al.version import __version__
    from a2i_al.widgets.preview import preview
    from a2i_al.workflow import Workflow

# Public name → the module it lives in; a module that is itself the name stands as its own.
_HOME = {
    "__version__": "a2i_al.version",
    "A2IError": "a2i_al.errors",
    "Batch": "a2i_al.batch",
    "ClassesDisplay": "a2i_al.metrics",
    "Comparison": "a2i_al.metrics",
    "ConfusionDisplay": "a2i_al.metrics",
    "DriftDisplay": "a2i_al.metrics",
    "Harvest": "a2i_al.harvest.read",
    "InProcessTrainer": "a2i_al.retrain.trainer",
    "LearningCurveDisplay": "a2i_al.metrics",
    "RatesDisplay": "a2i_al.metrics",
    "ReliabilityDisplay": "a2i_al.metrics",
    "RiskCoverageDisplay": "a2i_al.metrics",
    "RetrainCycle": "a2i_al.retrain.cycle",
    "Router": "a2i_al.routing",
    "RunningLabels": "a2i_al.labels",
    "SimulatedReviewer": "a2i_al.local",
    "VersionsDisplay": "a2i_al.metrics",
    "ThresholdDisplay": "a2i_al.metrics",
    "Workflow": "a2i_al.workflow",
    "aws": "a2i_al.aws",
    "choose_threshold": "a2i_al.metrics",
    "compare": "a2i_al.metrics",
    "consolidate": "a2i_al.labels",
    "datasets": "a2i_al.datasets",
    "errors": "a2i_al.errors",
    "estimate": "a2i_al.metrics",
    "estimation_scores": "a2i_al.metrics",
    "metrics": "a2i_al.metrics",
    "needs_another_review": "a2i_al.labels",
    "predictions_of": "a2i_al.retrain.trainer",
    "preview": "a2i_al.widgets.preview",
    "read_outputs": "a2i_al.harvest.read",
    "reviewer_agreement": "a2i_al.metrics",
    "routing": "a2i_al.routing",
    "sample": "a2i_al.sampling",
    "sampling": "a2i_al.sampling",
    "tables": "a2i_al.tables",
    "templates": "a2i_al.templates",
    "worker_names": "a2i_al.harvest.workers",
    "worker_quality": "a2i_al.labels",
}

__all__ = [  # noqa: RUF022  # in the order of the sentence
    "sample",
    "Router",
    "preview",
    "Workflow",
    "Batch",
    "SimulatedReviewer",
    "read_outputs",
    "Harvest",
    "worker_names",
    "consolidate",
    "RunningLabels",
    "worker_quality",
    "needs_another_review",
    "compare",
    "Comparison",
    "estimate",
    "estimation_scores",
    "choose_threshold",
    "reviewer_agreement",
    "ConfusionDisplay",
    "ReliabilityDisplay",
    "ClassesDisplay",
    "RatesDisplay",
    "DriftDisplay",
    "VersionsDisplay",
    "RiskCoverageDisplay",
    "ThresholdDisplay",
    "LearningCurveDisplay",
    "RetrainCycle",
    "InProcessTrainer",
    "predictions_of",
    "aws",
    "datasets",
    "errors",
    "metrics",
    "routing",
    "sampling",
    "tables",
    "templates",
    "A2IError",
    "__version__",
]

__getattr__, __dir__ = lazy(__name__, _HOME)
