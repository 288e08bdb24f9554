"""Find and open models: the shipped ones, and your own folders before them.

Own models are searched first, in the folders of the environment variable GGU_COSTS_MODELS (several are separated as in
PATH) or those given. The id of a model is its place in the folder: ``funds/ggu/2020`` is ``funds/ggu/2020.toml``.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from ggu_costs import ballot, bundle, fund, grants, impact, indices, joint, procurement
from ggu_costs.errors import Fault, InputError, ModelFileError, UnknownNameError, did_you_mean
from ggu_costs.modelfile import Header, Loaded, RawModel, check_definition, header_faults, read_raw
from ggu_costs.modelfile.finding import Folder
from ggu_costs.modelfile.finding import find_model as find_model  # noqa: PLC0414 (found here too)
from ggu_costs.modelfile.finding import model_files as model_files  # noqa: PLC0414
from ggu_costs.modelfile.kinds import Kind, check_built
from ggu_costs.modelfile.loader import with_named
from ggu_costs.reference import Reference, or_shipped

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.ballot import Scale
    from ggu_costs.bundle import Bundle
    from ggu_costs.bundle.compare import BundleComparison
    from ggu_costs.fund import Fee, Fund
    from ggu_costs.fund.compare import Comparison as BillComparison
    from ggu_costs.grants import Grant
    from ggu_costs.grants.change import GrantChange
    from ggu_costs.impact import Programme
    from ggu_costs.impact.compare import ProgrammeComparison
    from ggu_costs.indices import Index
    from ggu_costs.joint import JointBody
    from ggu_costs.joint.compare import BodyComparison
    from ggu_costs.procurement import ProcurementCase
    from ggu_costs.procurement.cases import CaseComparison
    from ggu_costs.typing import InputValue

    ModelSource: TypeAlias = str | Path | Mapping[str, Any]
    """An id such as funds/ggu/2020, the path of a TOML file, or a mapping of the same form."""
    Data: TypeAlias = Mapping[str, InputValue] | None  # inputs by name
    AnyModel: TypeAlias = Fund | Fee | ProcurementCase | Programme | Scale | Grant | JointBody | Bundle | Index
    """A model of one of the kinds."""
    Comparison: TypeAlias = (
        BillComparison | CaseComparison | ProgrammeComparison | GrantChange | BundleComparison | BodyComparison
    )
    """Models of one kind side by side."""
    M = TypeVar("M", Fund, Fee, ProcurementCase, Programme, Scale, Grant, JointBody, Bundle, Index)


KINDS: dict[str, Kind[AnyModel]] = {
    "fund": Kind("fund", "open_fund", lambda: fund.FundDefinition, lambda: fund.Fund),
    "fee": Kind("fee", "open_fee", lambda: fund.FeeDefinition, lambda: fund.Fee),
    "procurement": Kind(
        "procurement", "open_case", lambda: procurement.ProcurementDefinition, lambda: procurement.ProcurementCase
    ),
    "programme": Kind("programme", "open_programme", lambda: impact.ProgrammeDefinition, lambda: impact.Programme),
    "ballot": Kind("ballot", "open_ballot", lambda: ballot.BallotDefinition, lambda: ballot.Scale),
    "grant": Kind("grant", "open_grant", lambda: grants.GrantDefinition, lambda: grants.Grant),
    "joint-body": Kind(
        "joint-body", "catalogue.open_joint_body", lambda: joint.JointBodyDefinition, lambda: joint.JointBody
    ),
    "bundle": Kind("bundle", "catalogue.open_bundle", lambda: bundle.BundleDefinition, lambda: bundle.Bundle),
    "index": Kind("index", "catalogue.open_index", lambda: indices.IndexDefinition, lambda: indices.Index),
}
"""The kinds of model there are; the rooms are loaded when one of theirs is asked for."""
_log = logging.getLogger(__name__)
_ASKED = {"fund": ("year", "phase_in"), "fee": ("year", "phase_in"), "grant": ("phase_in",), "joint-body": ("year",)}
"""What may be asked of a comparison, by kind."""
_NOT_COMPARED = {
    "ballot": ("scales of votes are not put side by side here", "Give them together to weighted_effects."),
    "index": (
        "files of indices are not put side by side here",
        "Ask one for revision(): what another vintage made of it.",
    ),
}


def read_model(source: ModelSource, models: Folder = None) -> RawModel:
    """Read a model by id, path or mapping, with its base and changes, before it is checked.

    Raises
    ------
    InputError
        Something else than an id, a path or a mapping.
    UnknownNameError
        No such model.
    ModelFileError
        Not readable as TOML in UTF-8, or a base that refers to itself.
    """
    find = partial(find_model, models=models)
    if isinstance(source, Mapping):
        return read_raw(source, find)
    if not isinstance(source, str | os.PathLike) or "\0" in str(source):
        found = repr(source) if isinstance(source, str) else f"a {type(source).__name__}"
        raise InputError(
            f"{found} is no model",
            remedy="Give an id such as 'funds/ggu/2020' (see list_models), the path of a TOML file, or a mapping.",
        )
    if Path(source).suffix == ".toml":
        return read_raw(Path(source), find)
    name = str(source)
    raw = read_raw(find(name), find)
    stated = raw.tables.get("id")
    if stated in (name, None):
        return raw
    fault = Fault("id", repr(stated), repr(name), "The id is the place of the file in the folder of models.")
    return replace(raw, faults=(*raw.faults, fault))


def kind_of(raw: RawModel) -> str:
    """Return the kind a model file states, checked.

    Raises
    ------
    ModelFileError
        No kind, or one that does not exist; with all else that is wrong whatever the kind.
    """
    kind = str(raw.tables.get("kind", ""))
    if kind not in KINDS:
        fault = Fault("kind", repr(kind) if kind else "missing", ", ".join(KINDS), did_you_mean(kind, KINDS))
        raise ModelFileError(
            f"{raw.path}: this model file cannot be used",
            path=raw.path,
            faults=[fault, *header_faults(raw)],
            remedy="Correct every key named; what belongs to a kind is checked once the kind is right.",
        )
    return kind


def definition_of(kind: str) -> type[Header]:
    """Return the definition that model files of a kind are checked against."""
    if kind not in KINDS:
        raise UnknownNameError("kind of model", kind, KINDS)
    return KINDS[kind].definition()


def load_model(source: ModelSource, models: Folder = None, reference: Reference | None = None) -> Loaded[Header]:
    """Read a model by id, path or mapping, with those it rests on, and check it; raises as :func:`open_model`."""
    return _loaded(source, (), models, reference)


def _loaded(source: ModelSource, seen: tuple[str, ...], models: Folder, reference: Reference | None) -> Loaded[Header]:
    """Read a model with those it rests on, or is made of; `seen` are the bundles on the way to it."""
    loaded: Loaded[Any] = _load_alone(source, models, reference)
    if loaded.definition.kind == "bundle":
        return bundle.with_components(loaded, partial(_loaded, models=models, reference=reference), seen)
    return with_named(loaded, partial(_load_alone, models=models, reference=reference))


def _load_alone(source: ModelSource, models: Folder, reference: Reference | None) -> Loaded[Header]:
    raw = read_model(source, models)
    loaded = check_definition(raw, definition_of(kind_of(raw)), or_shipped(reference))
    return grants.with_keys(loaded, partial(open_grant, models=models, reference=loaded.reference))


def check_model(source: ModelSource, models: Folder = None, reference: Reference | None = None) -> Loaded[Header]:
    """Read a model by id, path or mapping, check it, and build what a run without inputs builds of it.

    Raises
    ------
    UnknownNameError
        No such model.
    ModelFileError
        Every fault of the file, those included that show only when it is built. An input that is to be brought is none.
    """
    loaded = load_model(source, models, reference)
    check_built(_opened(loaded, {}), loaded.path)
    return loaded


def open_model(
    source: ModelSource, data: Data = None, *, models: Folder = None, reference: Reference | None = None
) -> AnyModel:
    """Open a model of any kind; :func:`open_fund` and its relatives open one of a kind that is known.

    Parameters
    ----------
    source
        An id such as ``funds/ggu/2020``, the path of a TOML file, or a mapping of the same form.
    data
        Inputs that the model asks for, by name: a number, a Series by code, or the path of a CSV or Excel file.
    models
        A folder of your own models, searched first.
    reference
        Reference tables with packs of your own (``ggu.Reference.open(folder)``); by default the shipped ones.

    Returns
    -------
    Fund, Fee, ProcurementCase, Programme, Scale, Grant, JointBody, Bundle or Index
        The model of its kind.

    Raises
    ------
    UnknownNameError
        No such model, or an input that the model does not ask for.
    ModelFileError
        Every fault of the file.
    InputError
        Inputs that cannot be used.

    Examples
    --------
    >>> fund = open_model("funds/ggu/2020")
    >>> fund.contributions().total
    52300000.0
    """
    return _opened(load_model(source, models, reference), _by_name(data))


def open_fund(
    source: ModelSource, data: Data = None, *, models: Folder = None, reference: Reference | None = None
) -> Fund:
    """Open a fund (fonds GGU), as :func:`open_model` does; a model of another kind is an InputError.

    Examples
    --------
    >>> open_fund("funds/ggu/2020").contributions().total
    52300000.0
    """
    return _open_as(fund.Fund, "fund", load_model(source, models, reference), data)


def open_fee(
    source: ModelSource, data: Data = None, *, models: Folder = None, reference: Reference | None = None
) -> Fee:
    """Open a membership fee (contributie), as :func:`open_model` does; a model of another kind is an InputError."""
    return _open_as(fund.Fee, "fee", load_model(source, models, reference), data)


def open_case(
    source: ModelSource, data: Data = None, *, models: Folder = None, reference: Reference | None = None
) -> ProcurementCase:
    """Open a case of joint procurement (gezamenlijke inkoop), as :func:`open_model` does, and of no other kind."""
    return _open_as(procurement.ProcurementCase, "procurement", load_model(source, models, reference), data)


def open_programme(
    source: ModelSource, data: Data = None, *, models: Folder = None, reference: Reference | None = None
) -> Programme:
    """Open an intergovernmental programme (traject), as :func:`open_model` does, and a model of no other kind."""
    return _open_as(impact.Programme, "programme", load_model(source, models, reference), data)


def open_ballot(
    source: ModelSource, data: Data = None, *, models: Folder = None, reference: Reference | None = None
) -> Scale:
    """Open a scale of votes (stemverhouding), as :func:`open_model` does; a model of another kind is an InputError."""
    return _open_as(ballot.Scale, "ballot", load_model(source, models, reference), data)


def open_grant(
    source: ModelSource, data: Data = None, *, models: Folder = None, reference: Reference | None = None
) -> Grant:
    """Open a circulaire (uitkeringen), as :func:`open_model` does; a model of another kind is an InputError."""
    return _open_as(grants.Grant, "grant", load_model(source, models, reference), data)


def open_joint_body(
    source: ModelSource, data: Data = None, *, models: Folder = None, reference: Reference | None = None
) -> JointBody:
    """Open a joint body (gemeenschappelijke regeling), as :func:`open_model` does, and a model of no other kind."""
    return _open_as(joint.JointBody, "joint-body", load_model(source, models, reference), data)


def open_bundle(
    source: ModelSource, data: Data = None, *, models: Folder = None, reference: Reference | None = None
) -> Bundle:
    """Open a bundle (pakket), as :func:`open_model` does; a model of another kind is an InputError."""
    return _open_as(bundle.Bundle, "bundle", load_model(source, models, reference), data)


def open_index(
    source: ModelSource, data: Data = None, *, models: Folder = None, reference: Reference | None = None
) -> Index:
    """Open a file of indices (indexcijfers), as :func:`open_model` does, and a model of no other kind."""
    return _open_as(indices.Index, "index", load_model(source, models, reference), data)


def _open_as(model: type[M], kind: str, loaded: Loaded[Header], data: Data) -> M:
    """Open a model of a kind; one of another kind is refused before its inputs are looked at."""
    stated = loaded.definition.kind
    if stated != kind:
        raise InputError(
            f"{loaded.definition.id} is of kind {stated}, not {kind}",
            remedy=f"Open it with {KINDS[stated].opener}, or with open_model, which opens every kind.",
        )
    opened = _opened(loaded, _by_name(data))
    assert isinstance(opened, model)  # noqa: S101 (the kind says so)
    return opened


def open_models(
    sources: Sequence[ModelSource], data: Data = None, *, models: Folder = None, reference: Reference | None = None
) -> list[AnyModel]:
    """Open several models; each takes the inputs that it asks for.

    Raises
    ------
    UnknownNameError, ModelFileError, InputError
        As :func:`open_model`; an input that none of them asks for is unknown.
    """
    loaded = [load_model(source, models, reference) for source in sources]
    asked = {name for item in loaded for name in item.definition.inputs}
    given = _by_name(data)
    for name in given:
        if name not in asked:
            raise UnknownNameError("input of these models", name, sorted(asked))
    return [
        _opened(item, {name: value for name, value in given.items() if name in item.definition.inputs})
        for item in loaded
    ]


def _by_name(data: Data) -> Mapping[str, InputValue]:
    if not isinstance(data, Mapping | None):
        raise InputError(f"data is a {type(data).__name__}", remedy="Give the inputs by name: data={name: value}.")
    return data or {}


def _opened(loaded: Loaded[Any], data: Mapping[str, InputValue]) -> AnyModel:
    opened: AnyModel = KINDS[loaded.definition.kind].model().open(loaded, data)
    _log.debug("opened %s", opened.id)
    return opened


def list_models(models: Folder = None) -> pd.DataFrame:
    """Return a table of the models there are: ``id, kind, title, checked_on, illustrative``, indexed by id.

    Raises
    ------
    ModelFileError
        Model files with faults: the faults of them all.
    """
    import pandas as pd

    definitions, faulty = load_all(models)
    if faulty:
        raise ModelFileError(
            f"{len(faulty)} of {len(definitions) + len(faulty)} model files cannot be used",
            faults=[fault for error in faulty for fault in _with_file(error)],
            remedy="Correct them, or take them out of the folder.",
        )
    names = ["kind", "title", "checked_on", "illustrative"]
    rows = [(name, *(getattr(definition, key) for key in names)) for name, definition in definitions.items()]
    return pd.DataFrame(rows, columns=["id", *names]).set_index("id", drop=False).rename_axis(None)


def load_all(models: Folder = None) -> tuple[dict[str, Header], list[ModelFileError]]:
    """Read and check every model there is: the definitions by id, and the errors of files with faults."""
    definitions, faulty = {}, []
    for name in model_files(models):
        try:
            definitions[name] = load_model(name, models).definition
        except ModelFileError as error:
            faulty.append(error)
    return definitions, faulty


def _with_file(error: ModelFileError) -> list[Fault]:
    """Return the faults of one file, each with the file in front; a file that cannot be read is one fault."""
    if not error.faults:
        return [Fault(error.path, error.message.removeprefix(f"{error.path}: "), remedy=error.remedy)]
    return [replace(fault, where=f"{error.path}: {fault.where}") for fault in error.faults]


def compare_models(*models: AnyModel, year: int | None = None, phase_in: Any = None) -> Comparison:
    """Put two or three opened models of one kind side by side; of one year where they hold several.

    Raises
    ------
    InputError
        Models of different kinds, or another number of them; scales of votes; a year or phase-in of others.
    """
    if not 2 <= len(models) <= 3:
        raise InputError(f"{len(models)} model(s) to compare", remedy="Give two or three.")
    kinds = [model.definition.kind for model in models]
    if len(set(kinds)) > 1:
        raise InputError(f"models of different kinds: {', '.join(kinds)}", remedy="Compare models of one kind.")
    kind = kinds[0]
    if kind in _NOT_COMPARED:
        found, remedy = _NOT_COMPARED[kind]
        raise InputError(found, remedy=remedy)
    asked = {name: value for name, value in (("year", year), ("phase_in", phase_in)) if value is not None}
    refused = [name for name in asked if name not in _ASKED.get(kind, ())]
    if refused:
        wrong = "holds no years to choose from" if "year" in refused else "is not phased in"
        raise InputError(f"a {kind} {wrong}", remedy=f"Leave out the {' and the '.join(refused)}.")
    if kind == "grant" and phase_in is not None:
        change = cast("grants.Grant", models[0]).compare(*cast("Any", models[1:]))
        effects = fund.redistribution(change.before, change.after, "scale")
        return replace(change, phased=fund.path_of(effects, phase_in))
    return cast("Comparison", cast("Any", models[0]).compare(*models[1:], **asked))  # of one kind: no checker can know
