"""Both paths of an import, one after the other."""

import pytest

from training.imports import jobs

from .tables import PATHS


@pytest.fixture(params=PATHS, ids=lambda path: path.__name__.rpartition(".")[2])
def path(request, monkeypatch):
    """Every import takes this path, however many rows it has."""
    monkeypatch.setattr(jobs, "path_of", lambda job: request.param)
    return request.param


@pytest.fixture
def facilitator(personas):
    return personas.facilitator_alpha
