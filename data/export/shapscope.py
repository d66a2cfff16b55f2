#!/usr/bin/env python3
"""Export a model of scikit-learn, or of a library that builds on it, to the JSON that Shapscope opens.

    python3 shapscope.py model.pkl -o model.json          (a pickle, or a joblib file)

    import shapscope
    shapscope.export(model, "model.json")                 (from Python, without a pickle)
    shapscope.export(model, "model.json", feature_names=["age", "height"])

Run it with the Python that trained the model, and only on pickles you trust: loading a pickle runs what is in it. The
JSON is plain data: trees with their thresholds, training weights and leaf values, weights of linear models, and what
scalers, imputers and encoders do to each column. README.md beside this file describes it.

What can be exported, alone or at the end of a Pipeline:
    decision trees, extra trees, random forests, bagging of these, gradient boosting, histogram gradient boosting with
    categories, isolation forests, AdaBoost classifiers, linear and logistic models;
    forests and boosting of imbalanced-learn, scikit-optimize, pyod, NGBoost, scikit-survival, quantile-forest, econml,
    causalml and gpboost; XGBoost, LightGBM and CatBoost (alone their own file is written);
around them:
    searches, VotingRegressor and soft votes of forests, OneVsRestClassifier, MultiOutputRegressor and -Classifier,
    TransformedTargetRegressor, CalibratedClassifierCV with one sigmoid, RFE, thresholds;
before them:
    StandardScaler, MinMaxScaler, MaxAbsScaler, RobustScaler, SimpleImputer, OneHotEncoder,
    OrdinalEncoder, TargetEncoder, Binarizer, MissingIndicator, feature selection, ColumnTransformer, FeatureUnion,
    "passthrough" and "drop".
Anything else is refused by name, and so are classes of your own that change what these predict. Needs NumPy; everything
else is imported by the pickle alone.

This file is part of Shapscope and may be copied and changed freely (MIT licence).
"""
import argparse
import json
import math
import os
import pickle
import sys
import tempfile
import warnings

import numpy as np

FORMAT = 1
EULER_GAMMA = 0.5772156649015329


class Refused(Exception):
    """A model or a step that cannot be said in the format without changing what it predicts."""


# ---------------------------------------------------------------- small things

def names_of_classes(kind):
    """The class and all that it is derived from, so that derived classes are known too."""
    return [base.__name__ for base in type(kind).__mro__]


def is_a(thing, *names):
    return any(name in names_of_classes(thing) for name in names)


def plain(value):
    """A class or a category as text: 1.0 is "1", True is "True"."""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value)


def library_of(kind):
    """The library whose class this is, or is derived from."""
    for base in type(kind).__mro__:
        library = base.__module__.split(".")[0]
        if library in LIBRARIES:
            return library
    return type(kind).__module__.split(".")[0]


# Whose answers are understood here: module, and the name that is shown.
LIBRARIES = {"sklearn": "scikit-learn", "sklearnex": "scikit-learn", "daal4py": "scikit-learn", "imblearn": "imbalanced-learn",
             "skopt": "scikit-optimize", "sksurv": "scikit-survival", "quantile_forest": "quantile-forest", "pyod": "pyod",
             "ngboost": "ngboost", "econml": "econml", "causalml": "causalml",
             "xgboost": "XGBoost", "lightgbm": "LightGBM", "catboost": "CatBoost", "gpboost": "gpboost"}

ANSWERS = ("predict", "predict_proba", "decision_function", "score_samples", "transform", "_transform", "_raw_predict",
           "_decision_function")


# Whose classes answer as those of scikit-learn do that they are derived from.
ALIKE = ("sklearn", "sklearnex", "daal4py", "imblearn", "skopt")


def refuse_own_answers(thing, trusted=tuple(LIBRARIES)):
    """Refuses a class, or a fitted model, that was given another way to predict than its library's."""
    for method in ANSWERS:
        owner = next((base for base in type(thing).__mro__ if method in vars(base)), None)
        if method in getattr(thing, "__dict__", {}):
            raise Refused("this %s was given a %s of its own, which its trees do not tell; export it without"
                          % (type(thing).__name__, method))
        if owner is not None and owner.__module__.split(".")[0] not in trusted:
            raise Refused("%s does not answer %s as the class that it is derived from (%s.%s does it), which its trees do not tell; export the model "
                          "that it holds or is derived from" % (type(thing).__name__, method, owner.__module__, owner.__name__))


def is_missing(value):
    return value is None or (isinstance(value, (float, np.floating)) and math.isnan(value)) or type(value).__name__ == "NAType"


def number(value):
    """A JSON number; NaN is null."""
    value = float(value)
    return None if math.isnan(value) else value


def numbers(values):
    return np.asarray(values, dtype=float).ravel().tolist()


# ---------------------------------------------------------------- columns and what is made of them

class Columns:
    """The columns that the model is given: their names and, for text, their categories."""

    def __init__(self, names, n):
        self.names = names
        self.n = n
        self.categories = [None] * n
        self.is_category = [False] * n

    def code(self, column, value):
        """How a value of a column is written: numbers as they are, text as its place in the dictionary."""
        if isinstance(value, (bool, np.bool_, int, float, np.integer, np.floating)):
            return float(value)
        self.is_category[column] = True
        if self.categories[column] is None:
            self.categories[column] = []
        known = self.categories[column]
        text = plain(value)
        if text not in known:
            known.append(text)
        return float(known.index(text))

    def describe(self):
        features = []
        for j in range(self.n):
            feature = {} if self.names is None else {"name": str(self.names[j])}
            if self.categories[j] is not None:
                feature["categories"] = self.categories[j]
            elif self.is_category[j]:
                feature["type"] = "category"
            features.append(feature)
        return features


class Feature:
    """A column and the steps that make a feature of it."""

    def __init__(self, column, steps=()):
        self.column = column
        self.steps = list(steps)
        self.text = None

    def key(self):
        """The same for features that are the same."""
        if self.text is None:
            self.text = json.dumps(self.describe())
        return self.text

    def then(self, *steps):
        return Feature(self.column, self.steps + list(steps))

    def describe(self):
        entry = {"column": self.column}
        if self.steps:
            entry["steps"] = self.steps
        return entry


def inner(model):
    """What of a model of models is asked first, where it does not say itself which columns it takes."""
    if is_a(model, "Pipeline"):
        return next((step for _, step in model.steps if step is not None and not isinstance(step, str)), None)
    for name in ("best_estimator_", "estimator_", "regressor_", "detector_"):
        if hasattr(model, name):
            return getattr(model, name)
    for name in ("calibrated_classifiers_", "estimators_"):
        held = getattr(model, name, None)
        if held is not None and len(held) > 0 and not isinstance(held[0], (str, list, np.ndarray)):
            return getattr(held[0], "estimator", held[0])
    return None


def names_given(model):
    names = getattr(model, "feature_names_in_", None)
    if names is None and library_of(model) in BOOSTERS:
        return names_of_booster(model)
    if names is None:
        inside = inner(model)
        return None if inside is None else names_given(inside)
    return [str(name) for name in names]


def count_given(model):
    for name in ("n_features_in_", "n_features_", "n_features"):
        if isinstance(getattr(model, name, None), (int, np.integer)):
            return int(getattr(model, name))
    if library_of(model) in BOOSTERS:
        return count_of_booster(model)
    inside = inner(model)
    if inside is None:
        raise Refused("%s does not say how many features it takes; is it fitted?" % type(model).__name__)
    return count_given(inside)


# ---------------------------------------------------------------- transformers

def scale(features, subtract=None, divide=None, multiply=None, add=None, clip=None):
    result = []
    for j, feature in enumerate(features):
        for word, values in (("subtract", subtract), ("divide", divide), ("multiply", multiply), ("add", add)):
            if values is not None:
                feature = feature.then({word: float(values[j])})
        result.append(feature if clip is None else feature.then({"clip": [float(clip[0]), float(clip[1])]}))
    return result


def standard_scaler(step, features, columns):
    return scale(features, subtract=step.mean_ if step.with_mean else None, divide=step.scale_ if step.with_std else None)


def min_max_scaler(step, features, columns):
    return scale(features, multiply=step.scale_, add=step.min_, clip=step.feature_range if getattr(step, "clip", False) else None)


def max_abs_scaler(step, features, columns):
    return scale(features, divide=step.scale_, clip=(-1, 1) if getattr(step, "clip", False) else None)


def robust_scaler(step, features, columns):
    return scale(features, subtract=step.center_ if step.with_centering else None, divide=step.scale_ if step.with_scaling else None)


def simple_imputer(step, features, columns):
    result = []
    marked = []
    for feature, statistic in zip(features, step.statistics_):
        if not is_missing(step.missing_values):
            feature = feature.then({"missing_if": columns.code(feature.column, step.missing_values)})
        marked.append(feature)
        if not is_missing(statistic):
            result.append(feature.then({"impute": columns.code(feature.column, statistic)}))
        elif getattr(step, "keep_empty_features", False):
            result.append(feature.then({"impute": 0.0}))
    if getattr(step, "indicator_", None) is not None:
        result += [marked[j].then({"is_missing": True}) for j in step.indicator_.features_]
    return result


def indicator(feature, codes, missing, unknown):
    """The feature that is 1 for these codes, and for what is missing or unknown where that is said."""
    if len(codes) == 1 and not missing and not unknown:
        return feature.then({"equals": codes[0]})
    if not codes and missing and not unknown:
        return feature.then({"is_missing": True})
    return feature.then({"table": {"keys": codes, "values": [1.0] * len(codes), "otherwise": float(unknown),
                                   "missing": float(missing)}})


def dense(matrix):
    return np.asarray(matrix.todense() if hasattr(matrix, "todense") else matrix, dtype=float)


def transform_quietly(step, rows):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return dense(step.transform(rows))


def unknown_value(categories):
    """Something that is none of the categories, of the same kind."""
    present = [value for value in categories if not is_missing(value)]
    if present and all(isinstance(value, (bool, int, float, np.number, np.bool_)) for value in present):
        return max(float(value) for value in present) + 1.0
    return "not among: " + "".join(str(value) for value in present)


def learn(feature, categories, columns):
    """Puts all categories into the column's dictionary, in their order, also those that are dropped."""
    for value in categories:
        if not is_missing(value):
            columns.code(feature.column, value)


def one_hot_encoder(step, features, columns):
    """What becomes of each category is asked of the encoder itself: groups of rare ones, dropped ones."""
    sizes = getattr(step, "_n_features_outs", None)
    if sizes is None:
        drop = getattr(step, "drop_idx_", None)
        sizes = [len(c) - (drop is not None and drop[j] is not None) for j, c in enumerate(step.categories_)]
    firsts = np.concatenate([[0], np.cumsum(sizes)]).astype(int)
    tolerant = step.handle_unknown != "error"
    typical = [categories[0] for categories in step.categories_]
    result = []
    for j, categories in enumerate(step.categories_):
        learn(features[j], categories, columns)
        asked = list(categories) + ([unknown_value(categories)] if tolerant else [])
        rows = np.empty((len(asked), len(typical)), dtype=object)
        rows[:] = np.array(typical, dtype=object)
        for i, value in enumerate(asked):
            rows[i, j] = value
        if all(column.dtype.kind in "iufb" for column in step.categories_):
            rows = rows.astype(float)
        answers = transform_quietly(step, rows)[:, firsts[j]:firsts[j + 1]]
        missing_rows = [i for i, value in enumerate(categories) if is_missing(value)]
        for slot in range(answers.shape[1]):
            hot = [i for i in range(len(categories)) if answers[i, slot] == 1]
            codes = [columns.code(features[j].column, categories[i]) for i in hot if i not in missing_rows]
            unknown = bool(tolerant and answers[-1, slot] == 1)
            missing = any(i in missing_rows for i in hot) if missing_rows else unknown
            result.append(indicator(features[j], codes, missing, unknown))
    return result


def table(feature, categories, values, otherwise, missing, columns):
    pairs = [(columns.code(feature.column, c), float(v)) for c, v in zip(categories, values) if not is_missing(c)]
    return feature.then({"table": {"keys": [key for key, _ in pairs], "values": [number(value) for _, value in pairs],
                                   "otherwise": number(otherwise), "missing": number(missing)}})


def ordinal_encoder(step, features, columns):
    result = []
    for j, (feature, categories) in enumerate(zip(features, step.categories_)):
        values = np.arange(len(categories), dtype=float)
        groups = getattr(step, "_default_to_infrequent_mappings", None) if getattr(step, "_infrequent_enabled", False) else None
        if groups is not None and groups[j] is not None:
            values = np.asarray(groups[j], dtype=float)
        unknown = step.unknown_value if step.handle_unknown == "use_encoded_value" else math.nan
        has_missing = any(is_missing(value) for value in categories)
        missing = getattr(step, "encoded_missing_value", math.nan) if has_missing else unknown
        result.append(table(feature, categories, values, unknown, missing, columns))
    return result


def target_encoder(step, features, columns):
    if len(step.encodings_) != len(features):
        raise Refused("TargetEncoder for several classes makes several features of a column; encode the target's classes one by one")
    result = []
    for feature, categories, values in zip(features, step.categories_, step.encodings_):
        missing = next((v for c, v in zip(categories, values) if is_missing(c)), step.target_mean_)
        result.append(table(feature, categories, values, step.target_mean_, missing, columns))
    return result


def binarizer(step, features, columns):
    return [feature.then({"greater": float(step.threshold)}) for feature in features]


def function_transformer(step, features, columns):
    if step.func is not None and getattr(step.func, "func", step.func).__name__ not in ("check_array", "_identity"):
        raise Refused("FunctionTransformer applies a function of your own (%s), which is no data; apply it to the data before"
                      % getattr(step.func, "__name__", "a callable"))
    return features


def missing_indicator(step, features, columns):
    if not is_missing(step.missing_values):
        features = [feature.then({"missing_if": columns.code(feature.column, step.missing_values)}) for feature in features]
    return [features[j].then({"is_missing": True}) for j in step.features_]


def feature_union(step, features, columns):
    result = []
    for name, part in step.transformer_list:
        if isinstance(part, str) and part == "drop":
            continue
        made = transform(part, list(features), columns)
        by = (step.transformer_weights or {}).get(name)
        result += made if by is None else [feature.then({"multiply": float(by)}) for feature in made]
    return result


def selection(step, features, columns):
    return [features[j] for j in step.get_support(indices=True)]


def indices_of(transformer, name, spec, n):
    """The columns that one part of a ColumnTransformer takes."""
    known = getattr(transformer, "_transformer_to_input_indices", None)
    if known is not None and name in known:
        return [int(j) for j in known[name]]
    if callable(spec):
        raise Refused("ColumnTransformer: which columns \"%s\" takes is not known; fit it with a newer scikit-learn" % name)
    if isinstance(spec, slice):
        return list(range(n))[spec]
    spec = [spec] if isinstance(spec, (str, int)) else list(spec)
    if spec and isinstance(spec[0], str):
        given = list(transformer.feature_names_in_)
        return [given.index(word) for word in spec]
    if spec and isinstance(spec[0], (bool, np.bool_)):
        return [j for j, chosen in enumerate(spec) if chosen]
    return [int(j) % n for j in spec]


def column_transformer(step, features, columns):
    result = []
    for name, part, spec in step.transformers_:
        if isinstance(part, str) and part == "drop":
            continue
        chosen = [features[j] for j in indices_of(step, name, spec, len(features))]
        if chosen:
            result += transform(part, chosen, columns)
    return result


TRANSFORMERS = (
    (("StandardScaler",), standard_scaler),
    (("MinMaxScaler",), min_max_scaler),
    (("MaxAbsScaler",), max_abs_scaler),
    (("RobustScaler",), robust_scaler),
    (("SimpleImputer",), simple_imputer),
    (("OneHotEncoder",), one_hot_encoder),
    (("OrdinalEncoder",), ordinal_encoder),
    (("TargetEncoder",), target_encoder),
    (("Binarizer",), binarizer),
    (("FunctionTransformer",), function_transformer),
    (("SelectorMixin",), selection),
    (("MissingIndicator",), missing_indicator),
    (("FeatureUnion",), feature_union),
    (("ColumnTransformer",), column_transformer),
)


def transform(step, features, columns):
    """The features after one step of a pipeline."""
    if step is None or (isinstance(step, str) and step == "passthrough"):
        return features
    if hasattr(step, "fit_resample") and not hasattr(step, "transform"):
        return features    # imbalanced-learn's samplers work on training data alone
    if is_a(step, "Pipeline"):
        for _, part in step.steps:
            features = transform(part, features, columns)
        return features
    refuse_own_answers(step)
    for names, function in TRANSFORMERS:
        if is_a(step, *names):
            return function(step, features, columns)
    raise Refused("%s cannot be exported: what it makes of a column cannot be said column by column" % type(step).__name__)


# ---------------------------------------------------------------- sums of trees

class Sum:
    """base + trees, each with a value per leaf for one output, or (vector) for all of them; or base + weights of features.

    features: what the trees take; meaning: what the outputs are (see `meaning`).
    """

    def __init__(self, n_outputs, base=None, vector=False):
        self.n_outputs = n_outputs
        self.base = [0.0] * n_outputs if base is None else numbers(base)
        self.vector = vector
        self.cast = "float"
        self.trees = []
        self.trees_per_round = 0
        self.weights = None     # of a linear model: (n_outputs, features)
        self.features = []
        self.meaning = None

    def add(self, tree, values, weight=1.0, output=0, selected=None):
        """A tree of scikit-learn's; values: (n_nodes, n_outputs or 1); selected: the features that it was given."""
        left = tree.children_left
        leaf = left < 0
        feature = np.where(leaf, 0, tree.feature)
        if selected is not None:
            feature = np.asarray(selected)[feature]
        entry = {"feature": feature.astype(int).tolist(),
                 "threshold": np.where(leaf, 0.0, tree.threshold).tolist(),
                 "left": np.where(leaf, -1, left).tolist(),
                 "right": np.where(leaf, -1, tree.children_right).tolist(),
                 "cover": np.asarray(tree.weighted_n_node_samples, dtype=float).tolist(),
                 "value": numbers(np.where(leaf[:, None], values, 0.0))}
        nodes = tree.__getstate__()["nodes"]
        if "missing_go_to_left" in nodes.dtype.names:
            entry["missing_left"] = nodes["missing_go_to_left"].astype(int).tolist()
        self.append(entry, weight, output)

    def append(self, entry, weight=1.0, output=0):
        if weight != 1.0:
            entry["weight"] = float(weight)
        if output:
            entry["output"] = int(output)
        self.trees.append(entry)

    def place(self, features):
        """Where each of these features stands among the sum's own, to which those that are new are added."""
        known = {feature.key(): j for j, feature in enumerate(self.features)}
        places = []
        for feature in features:
            if feature.key() not in known:
                known[feature.key()] = len(self.features)
                self.features.append(feature)
            places.append(known[feature.key()])
        return np.asarray(places, dtype=int)

    def take(self, part, weight=1.0, output=0):
        """Takes over another sum, times a weight, whose first output becomes this one's `output`."""
        places = self.place(part.features)
        for k in range(part.n_outputs):
            self.base[output + k] += weight * part.base[k]
        if part.weights is not None:
            more = np.zeros((self.n_outputs, len(self.features)))
            if self.weights is not None:
                more[:, :self.weights.shape[1]] = self.weights
            for k, row in enumerate(part.weights):
                np.add.at(more[output + k], places, weight * row)
            self.weights = more
        for entry in part.trees:
            entry = dict(entry, feature=places[entry["feature"]].tolist())
            self.append(entry, entry.get("weight", 1.0) * weight, entry.get("output", 0) + output)

    def stretch(self, by, add):
        """Every output k times by[k], plus add[k]."""
        self.base = [float(value * b + a) for value, b, a in zip(self.base, by, add)]
        if self.weights is not None:
            self.weights = self.weights * np.asarray(by)[:, None]
        for entry in self.trees:
            if self.vector:
                entry["value"] = numbers(np.reshape(entry["value"], (-1, self.n_outputs)) * by)
            else:
                entry["weight"] = entry.get("weight", 1.0) * float(by[entry.get("output", 0)])


def joined(model, parts, features, n_outputs):
    """A sum to take the parts into, with the features that all of them can share."""
    if len({part.weights is None for part in parts}) > 1:
        raise Refused("%s holds trees and linear models together, and Shapscope takes a model of one kind; export them one by one"
                      % type(model).__name__)
    result = Sum(n_outputs, vector=parts[0].vector)
    result.cast = parts[0].cast
    if any(part.cast != result.cast for part in parts):
        result.cast = "double"
        for part in parts:
            if part.cast == "float":
                part.features = [feature.then({"float": True}) for feature in part.features]
    result.features = list(features)
    places = [place for part in parts for place in result.place(part.features)]
    if len(result.features) > len(features) and (not places or min(places) >= len(features)):
        result.features = []    # none is taken as it is given
    return result


def mean(model, parts, features, weights=None):
    """The mean of several sums of the same outputs."""
    if len({(part.n_outputs, part.vector) for part in parts}) > 1:
        raise Refused("the parts of %s have not the same outputs; export them one by one" % type(model).__name__)
    weights = np.ones(len(parts)) if weights is None else np.asarray(weights, dtype=float)
    result = joined(model, parts, features, parts[0].n_outputs)
    for part, weight in zip(parts, weights / weights.sum()):
        result.take(part, weight)
    return result


def side_by_side(model, parts, features):
    """Several sums, whose outputs stand one after another."""
    if len(parts) > 1 and any(part.vector for part in parts):
        raise Refused("the parts of %s have several outputs each; export them one by one" % type(model).__name__)
    result = joined(model, parts, features, sum(part.n_outputs for part in parts))
    output = 0
    for part in parts:
        result.take(part, output=output)
        output += part.n_outputs
    return result


def class_shares(estimator):
    """(n_nodes, n_classes): shares of the classes; older versions of scikit-learn keep counts."""
    values = estimator.tree_.value
    if values.shape[1] != 1:
        raise Refused("%s predicts several targets with classes at once; export a model for each" % type(estimator).__name__)
    values = values[:, 0, :int(estimator.n_classes_)]
    sums = values.sum(axis=1, keepdims=True)
    return values / np.where(sums == 0, 1, sums)


def shares_to_outputs(shares):
    """A model of two classes gives the share of the second."""
    return shares[:, 1:] if shares.shape[1] == 2 else shares


def tree_values(estimator):
    if hasattr(estimator, "n_classes_"):
        return shares_to_outputs(class_shares(estimator))
    return estimator.tree_.value[:, :, 0]


def one_tree(estimator):
    values = tree_values(estimator)
    result = Sum(values.shape[1], vector=values.shape[1] > 1)
    result.add(estimator.tree_, values)
    return result


def forest(model, values=tree_values):
    """The mean of trees; values: what the leaves of a tree say."""
    parts = [values(estimator) for estimator in model.estimators_]
    if len({part.shape[1] for part in parts}) > 1:
        raise Refused("a tree of %s has not seen all classes" % type(model).__name__)
    result = Sum(parts[0].shape[1], vector=parts[0].shape[1] > 1)
    for estimator, part in zip(model.estimators_, parts):
        result.add(estimator.tree_, part, weight=1.0 / len(model.estimators_))
    return result


def bagging(model, features, columns):
    parts = []
    for estimator, selected in zip(model.estimators_, model.estimators_features_):
        if hasattr(model, "classes_") and len(estimator.classes_) != len(model.classes_):
            raise Refused("a part of %s has not seen all classes; train it with more rows in each bag" % type(model).__name__)
        part = sum_of(estimator, [features[j] for j in selected], columns)
        require_plain(model, part, estimator)
        parts.append(part)
    return with_meaning(mean(model, parts, features), model)


def average_path_length(n):
    n = np.asarray(n, dtype=float)
    many = np.maximum(n, 3.0)
    length = 2.0 * (np.log(many - 1.0) + EULER_GAMMA) - 2.0 * (many - 1.0) / many
    return np.where(n <= 1, 0.0, np.where(n == 2, 1.0, length))


def depths(tree):
    depth = np.zeros(tree.node_count)
    for node in range(tree.node_count):
        for child in (tree.children_left[node], tree.children_right[node]):
            if child >= 0:
                depth[child] = depth[node] + 1
    return depth


def isolation_forest(model):
    result = Sum(1)
    for estimator, selected in zip(model.estimators_, model.estimators_features_):
        tree = estimator.tree_
        length = depths(tree) + average_path_length(tree.n_node_samples)
        result.add(tree, length[:, None], weight=1.0 / len(model.estimators_), selected=selected)
    return result


def gradient_boosting(model):
    n_outputs = model.estimators_.shape[1]
    init = model.init_
    if not (isinstance(init, str) and init == "zero") and not is_a(init, "DummyClassifier", "DummyRegressor", "QuantileEstimator",
            "MeanEstimator", "LogOddsEstimator", "ScaledLogOddsEstimator", "PriorProbabilityEstimator", "ZeroEstimator"):
        raise Refused("%s starts from %s, which is no constant" % (type(model).__name__, type(init).__name__))
    start = model._raw_predict_init(np.zeros((1, count_given(model)), dtype=np.float32))
    scales = getattr(model, "_scale", np.ones(len(model.estimators_)))    # scikit-survival's, of dropped trees
    result = Sum(n_outputs, base=np.asarray(start, dtype=float)[0])
    for estimators, scale in zip(model.estimators_, scales):
        for k, estimator in enumerate(estimators):
            result.add(estimator.tree_, estimator.tree_.value[:, :, 0], weight=model.learning_rate * scale, output=k)
    result.trees_per_round = n_outputs
    return result


def bits(words):
    words = np.asarray(words, dtype=np.uint32)
    return [32 * i + b for i, word in enumerate(words.tolist()) for b in range(32) if word >> b & 1]


def histogram_tree(predictor, known, positions):
    """A tree of HistGradientBoosting; unknown categories go where missing ones go."""
    nodes = predictor.nodes
    leaf = nodes["is_leaf"].astype(bool)
    by_category = nodes["is_categorical"].astype(bool) & ~leaf
    entry = {"feature": np.where(leaf, 0, nodes["feature_idx"]).astype(int).tolist(),
             "threshold": np.where(leaf | by_category, 0.0, nodes["num_threshold"]).tolist(),
             "left": np.where(leaf, -1, nodes["left"].astype(int)).tolist(),
             "right": np.where(leaf, -1, nodes["right"].astype(int)).tolist(),
             "missing_left": nodes["missing_go_to_left"].astype(int).tolist(),
             "cover": nodes["count"].astype(float).tolist(),
             "value": np.where(leaf, nodes["value"], 0.0).tolist()}
    if not by_category.any():
        return entry
    entry["operator"], entry["set"], entry["sets"] = ["<="] * len(nodes), [-1] * len(nodes), []
    for v in np.flatnonzero(by_category).tolist():
        chosen = bits(predictor.raw_left_cat_bitsets[nodes["bitset_idx"][v]])
        entry["operator"][v] = "in"
        if nodes["missing_go_to_left"][v]:
            entry["operator"][v] = "not in"
            chosen = sorted(set(bits(known[positions[nodes["feature_idx"][v]]])) - set(chosen))
        entry["set"][v] = len(entry["sets"])
        entry["sets"].append(chosen)
    return entry


def histogram_boosting(model):
    baseline = np.asarray(model._baseline_prediction, dtype=float).ravel()
    known, positions = None, None
    if getattr(model, "is_categorical_", None) is not None:
        known, positions = model._bin_mapper.make_known_categories_bitsets()
    result = Sum(model.n_trees_per_iteration_, base=baseline)
    result.cast = "double"
    for predictors in model._predictors:
        for k, predictor in enumerate(predictors):
            result.append(histogram_tree(predictor, known, positions), output=k)
    result.trees_per_round = result.n_outputs
    return result


def ada_boost(model):
    """SAMME: votes with weights. SAMME.R (before 1.6): logarithms of the shares."""
    n_classes = len(model.classes_)
    real = getattr(model, "algorithm", "SAMME") == "SAMME.R"
    weights = np.ones(len(model.estimators_)) if real else np.asarray(model.estimator_weights_[:len(model.estimators_)])
    total = len(weights) if real else model.estimator_weights_.sum()
    result = Sum(1 if n_classes == 2 else n_classes, vector=n_classes > 2)
    for estimator, weight in zip(model.estimators_, weights):
        if not hasattr(estimator, "tree_"):
            raise Refused("AdaBoostClassifier of %s is no sum of trees" % type(estimator).__name__)
        shares = class_shares(estimator)
        if shares.shape[1] != n_classes:
            raise Refused("a tree of AdaBoostClassifier has not seen all classes")
        if real:
            logarithm = np.log(np.maximum(shares, np.finfo(shares.dtype).eps))
            votes = (n_classes - 1) * (logarithm - logarithm.mean(axis=1, keepdims=True))
        else:
            votes = np.full(shares.shape, -1.0 / (n_classes - 1) if samme_is_symmetric(model) else 0.0)
            votes[np.arange(len(shares)), shares.argmax(axis=1)] = 1.0
        if n_classes == 2:
            votes = votes[:, 1:] - votes[:, :1]
        result.add(estimator.tree_, votes, weight=float(weight) / total)
    return result


def samme_is_symmetric(model):
    """Since 1.6 a vote counts against the other classes; the model itself is asked which way it goes."""
    rows = np.zeros((1, count_given(model)))
    n_classes = len(model.classes_)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        decision = np.atleast_1d(model.decision_function(rows)).ravel()
    if n_classes > 2:
        return abs(decision.sum()) < 1e-9
    vote = sum(w if e.predict(rows)[0] == model.classes_[1] else -w for e, w in zip(model.estimators_, model.estimator_weights_))
    return abs(decision[0] - 2 * vote / model.estimator_weights_.sum()) < abs(decision[0] - vote / model.estimator_weights_.sum())


def linear_model(model):
    weights = np.atleast_2d(np.asarray(dense(model.coef_), dtype=float))
    bias = np.broadcast_to(np.asarray(model.intercept_, dtype=float).ravel(), (weights.shape[0],))
    result = Sum(weights.shape[0], base=bias)
    result.weights = weights
    return result


# ---------------------------------------------------------------- libraries that build on scikit-learn

def survival_risk(estimator):
    """The leaf's cumulative hazard, summed over the times of events: what predict() says."""
    values = estimator.tree_.value
    if getattr(estimator, "low_memory", False):
        return values[:, :1, 0]
    return values[:, getattr(estimator, "is_event_time_", slice(None)), 0].sum(axis=1, keepdims=True)


def survival_tree(model):
    result = Sum(1)
    result.add(model.tree_, survival_risk(model))
    return result


def survival_forest(model):
    return forest(model, survival_risk)


def survival_weights(model):
    """Linear models; the boosted one has the bias among its weights."""
    weights = np.asarray(model.coef_, dtype=float)
    bias, weights = (weights[0], weights[1:]) if is_a(model, "ComponentwiseGradientBoostingSurvivalAnalysis") else (0.0, weights)
    result = Sum(1, base=[bias])
    result.weights = weights[None, :]
    return result


def drawn_leaves(model):
    """quantile-forest's mean: of the one row that is kept of each leaf."""
    if model.max_samples_leaf != 1 or getattr(model, "monotonic_cst", None) is not None:
        raise Refused("%s pools the rows of the leaves of all trees, so that not even its mean is a sum of trees; train it with "
                      "max_samples_leaf=1 and without monotonic_cst, or scikit-learn's forest of the same kind" % type(model).__name__)
    kept = np.asarray(model.forest_.y_train_leaves)[:, :, :, 0]
    y = np.asarray(model.forest_.y_train).T
    outputs = np.arange(y.shape[1])
    result = Sum(y.shape[1], vector=y.shape[1] > 1)
    for estimator, rows in zip(model.estimators_, kept):
        values = y[rows[:estimator.tree_.node_count] - 1, outputs]
        result.add(estimator.tree_, values, weight=1.0 / len(model.estimators_))
    return result


def natural_boosting(model):
    """NGBoost: a sum for each parameter of the distribution; of K classes the first has the parameter 0."""
    start = numbers(model.init_params)
    first = 1 if is_a(model, "NGBClassifier") and len(start) > 1 else 0
    result = Sum(first + len(start), base=[0.0] * first + start)
    for trees, scale, chosen in zip(model.base_models, model.scalings, model.col_idxs):
        for k, grown in enumerate(trees):
            if not is_a(grown, "DecisionTreeRegressor"):
                raise Refused("%s of %s is no sum of trees" % (type(model).__name__, type(grown).__name__))
            refuse_own_answers(grown)
            result.add(grown.tree_, grown.tree_.value[:, :, 0], weight=-model.learning_rate * scale, output=first + k, selected=chosen)
    return result


def honest_forest(model):
    """econml's forests: the mean of what the trees estimate."""
    result = forest(model, lambda estimator: estimator.tree_.value[:, :model.n_relevant_outputs_, 0])
    result.cast = "double"
    return result


def honest_forests(model, features, columns):
    result = side_by_side(model, [sum_of(part, features, columns) for part in model.estimators_], features)
    return with_meaning(result, model.estimators_[0])


def effect(estimator):
    """causalml: the outcome of the treated less that of the others."""
    values = estimator.tree_.value[:, :, 0]
    return values[:, 1:2] - values[:, 0:1]


def effect_tree(model):
    result = Sum(1)
    result.add(model.tree_, effect(model))
    return result


def effect_forest(model):
    return forest(model, effect)


# ---------------------------------------------------------------- boosters, where their own files cannot be taken

BOOSTERS = {"xgboost": "model.save_model(\"model.json\")", "lightgbm": "model.booster_.save_model(\"model.txt\")",
            "catboost": "model.save_model(\"model.cbm\")", "gpboost": "model.save_model(\"model.txt\")"}
OTHER_FILES = {"cuml": "model.as_treelite().serialize(\"model.tl\")", "treelite": "model.serialize(\"model.tl\")",
               "h2o": "model.download_mojo(\"model.zip\")", "pyspark": "model.write().save(\"folder\")"}


def refuse_booster(model, why):
    raise Refused("%s has %s, which cannot be exported from inside another model; write its own file with %s, and give Shapscope "
                  "the data as the steps before it make them" % (type(model).__name__, why, BOOSTERS[library_of(model)]))


def booster_of(model):
    """What the wrappers for scikit-learn hold."""
    if hasattr(model, "get_booster"):
        return model.get_booster()
    return getattr(model, "booster_", model)


def names_of_booster(model):
    booster = booster_of(model)
    names = getattr(booster, "feature_names", None)
    names = booster.feature_name() if hasattr(booster, "feature_name") else names
    names = getattr(booster, "feature_names_", names)
    if not names or all(name in (str(j), "Column_%d" % j) for j, name in enumerate(names)):
        return None
    return [str(name) for name in names]


def count_of_booster(model):
    booster = booster_of(model)
    for name in ("num_features", "num_feature"):
        if hasattr(booster, name):
            return int(getattr(booster, name)())
    return len(booster.feature_names_)


def singles(values):
    """Numbers as single precision has them."""
    return np.asarray(values, dtype=np.float32).astype(float)


def xgboost_document(model):
    """XGBoost's own JSON of the rounds that it predicts with."""
    booster = booster_of(model)
    try:
        best = model.best_iteration
    except (AttributeError, ValueError):
        best = None
    if best is not None and best + 1 < booster.num_boosted_rounds():
        booster = booster[:best + 1]
    try:
        return booster.save_raw("json").decode("utf-8")
    except TypeError:
        raise Refused("%s comes from a version of XGBoost before 1.6; write its own file with %s"
                      % (type(model).__name__, BOOSTERS["xgboost"])) from None


XGBOOST_LINKS = {"logistic": ("reg:logistic", "binary:logistic"), "softmax": ("multi:softprob", "multi:softmax"),
                 "exp": ("reg:gamma", "reg:tweedie", "count:poisson", "survival:cox", "survival:aft"),
                 "identity": ("reg:squarederror", "reg:linear", "reg:squaredlogerror", "reg:absoluteerror", "reg:pseudohubererror",
                              "rank:pairwise", "rank:ndcg", "rank:map")}


def xgboost_tree(model, tree):
    left = np.asarray(tree["left_children"])
    leaf = left < 0
    if any(tree.get("split_type", [])) or len(tree["base_weights"]) != len(left):
        refuse_booster(model, "categories or leaves of several values")
    conditions = singles(tree["split_conditions"])
    return {"feature": np.where(leaf, 0, tree["split_indices"]).astype(int).tolist(),
            "threshold": np.where(leaf, 0.0, conditions).tolist(),
            "operator": ["<"] * len(left), "left": left.astype(int).tolist(),
            "right": np.asarray(tree["right_children"]).astype(int).tolist(),
            "missing_left": np.asarray(tree["default_left"]).astype(int).tolist(), "cover": numbers(tree["sum_hessian"]),
            "value": np.where(leaf, conditions, 0.0).tolist()}


def xgboost_sum(model, features, columns):
    learner = json.loads(xgboost_document(model))["learner"]
    parameters, gradient = learner["learner_model_param"], learner["gradient_booster"]
    objective = learner["objective"]["name"]
    link = next((link for link, names in XGBOOST_LINKS.items() if objective in names), None)
    weights = gradient.get("weight_drop")
    grown = gradient.get("gbtree", gradient).get("model", {})
    for is_so, what in ((link is None, "the objective " + objective), ("trees" not in grown, "weights instead of trees"),
                        (int(parameters.get("num_target", 1)) > 1, "several targets")):
        if is_so:
            refuse_booster(model, what)
    n_outputs = max(1, int(parameters["num_class"]))
    base = np.broadcast_to(singles(json.loads("[%s]" % parameters["base_score"].strip("[]"))), (n_outputs,))
    base = {"logistic": lambda x: np.log(x / (1 - x)), "exp": np.log}.get(link, np.array)(base)
    result = Sum(n_outputs, base=base)
    for i, (tree, output) in enumerate(zip(grown["trees"], grown["tree_info"])):
        result.append(xgboost_tree(model, tree), 1.0 if weights is None else weights[i], output)
    missing = getattr(model, "missing", math.nan)
    result.features = [f if is_missing(missing) else f.then({"missing_if": float(missing)}) for f in features]
    result.meaning = meaning_of_booster(model, n_outputs, link)
    return result


LIGHTGBM_LINKS = {"binary": "logistic", "cross_entropy": "logistic", "multiclass": "softmax", "multiclassova": "logistic",
                  "poisson": "exp", "gamma": "exp", "tweedie": "exp", "regression": "identity", "regression_l1": "identity",
                  "huber": "identity", "fair": "identity", "quantile": "identity", "mape": "identity", "lambdarank": "identity",
                  "rank_xendcg": "identity"}


def lightgbm_node(model, node, entry):
    """Adds a node and what is below it; returns its place."""
    place = len(entry["left"])
    is_leaf = "leaf_value" in node
    kind = node.get("missing_type", "None")
    if kind == "Zero" or "leaf_coeff" in node:
        refuse_booster(model, "zeros that count as missing" if kind == "Zero" else "linear models in its leaves")
    by_category = node.get("decision_type") == "=="
    threshold = 0.0 if is_leaf or by_category else float(node["threshold"])
    entry["set"].append(len(entry["sets"]) if by_category else -1)
    if by_category:
        entry["sets"].append([int(code) for code in node["threshold"].split("||")])
    for key, value in (("feature", node.get("split_feature", 0)), ("threshold", threshold), ("left", -1), ("right", -1),
                       ("operator", "in" if by_category else "<="),
                       ("missing_left", int(not by_category and (node.get("default_left", False) if kind == "NaN" else threshold >= 0))),
                       ("cover", float(node.get("leaf_count" if is_leaf else "internal_count", 1))),
                       ("value", float(node["leaf_value"]) if is_leaf else 0.0)):
        entry[key].append(value)
    if not is_leaf:
        entry["left"][place] = lightgbm_node(model, node["left_child"], entry)
        entry["right"][place] = lightgbm_node(model, node["right_child"], entry)
    return place


def lightgbm_sum(model, features, columns):
    """Also gpboost's trees, to which its random effects come in addition."""
    document = booster_of(model).dump_model()
    objective, *settings = document.get("objective", "custom").split(" ")
    for is_so, what in ((objective not in LIGHTGBM_LINKS or "sqrt" in settings, "the objective " + " ".join([objective] + settings)),
                        (any(document.get("pandas_categorical") or []), "categories of pandas")):
        if is_so:
            refuse_booster(model, what)
    n_outputs = document["num_tree_per_iteration"]
    result = Sum(n_outputs)
    result.cast = "double"
    rounds = len(document["tree_info"]) // n_outputs
    for i, tree in enumerate(document["tree_info"]):
        entry = {key: [] for key in ("feature", "threshold", "left", "right", "operator", "missing_left", "cover", "value", "set", "sets")}
        lightgbm_node(model, tree["tree_structure"], entry)
        result.append(entry, 1.0 / rounds if document.get("average_output") else 1.0, i % n_outputs)
    result.features = features
    result.meaning = meaning_of_booster(model, n_outputs, LIGHTGBM_LINKS[objective])
    if getattr(booster_of(model), "has_gp_model", False):
        result.meaning = {"task": "regression", "notes": ["the output is the sum of the trees, before the link of the likelihood; the "
                                                          "random effects come in addition"]}
    scale = next((float(word.split(":")[1]) for word in settings if word.startswith("sigmoid:")), 1.0)
    if scale != 1.0:
        result.meaning.update(link_scale=scale, unit="")
    return result


def catboost_document(model):
    """CatBoost's own JSON, which it writes to files alone."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.json")
        model.save_model(path, format="json")
        with open(path, encoding="utf-8") as file:
            return file.read()


CATBOOST_LINKS = {"Logloss": "logistic", "CrossEntropy": "logistic", "MultiClass": "softmax", "MultiClassOneVsAll": "logistic",
                  "RMSE": "identity", "MAE": "identity", "Quantile": "identity", "MAPE": "identity", "Huber": "identity",
                  "LogCosh": "identity", "Expectile": "identity", "Lq": "identity", "Poisson": "exp", "Tweedie": "exp"}


def catboost_tree(tree, floats, n_outputs):
    """A symmetric tree: the last of its splits is the root's, and asks whether the value is greater."""
    splits = tree.get("splits") or []
    n = len(splits)
    inner_nodes = 2 ** n - 1
    level = [int(math.log2(v + 1)) for v in range(inner_nodes)]
    asked = [splits[n - 1 - d] for d in level]
    greater = [floats[split["float_feature_index"]] for split in asked]
    leaves = 2 ** n
    # Going left means yes, so that the leaves stand in falling order.
    order = list(range(leaves))[::-1]
    cover = [0.0] * inner_nodes + [float(tree["leaf_weights"][leaf]) for leaf in order]
    for v in range(inner_nodes)[::-1]:
        cover[v] = cover[2 * v + 1] + cover[2 * v + 2]
    values = np.reshape(tree["leaf_values"], (leaves, n_outputs))[order]
    values = np.concatenate([np.zeros((inner_nodes, n_outputs)), values])
    ends = [-1] * leaves
    return {"feature": [f["flat_feature_index"] for f in greater] + [0] * leaves,
            "threshold": [float(np.float32(split["border"])) for split in asked] + [0.0] * leaves,
            "operator": [">"] * (inner_nodes + leaves),
            "left": [2 * v + 1 for v in range(inner_nodes)] + ends, "right": [2 * v + 2 for v in range(inner_nodes)] + ends,
            "missing_left": [int(f["nan_value_treatment"] == "AsTrue") for f in greater] + [0] * leaves,
            "cover": cover, "value": numbers(values)}


def catboost_sum(model, features, columns):
    loss = str(model.get_all_params().get("loss_function")).split(":")[0]
    document = json.loads(catboost_document(model))
    info = document["features_info"]
    for is_so, what in ((loss not in CATBOOST_LINKS, "the loss " + loss),
                        ("oblivious_trees" not in document, "trees that are not symmetric"),
                        (len(info) > 1, "features that are no numbers")):
        if is_so:
            refuse_booster(model, what)
    floats = {feature["feature_index"]: feature for feature in info["float_features"]}
    scale, bias = document["scale_and_bias"]
    result = Sum(len(bias), base=bias, vector=len(bias) > 1)
    for tree in document["oblivious_trees"]:
        result.append(catboost_tree(tree, floats, len(bias)), scale)
    result.features = features
    result.meaning = meaning_of_booster(model, len(bias), CATBOOST_LINKS[loss])
    return result


def meaning_of_booster(model, n_outputs, link):
    result = {"link": link} if link != "identity" else {}
    result["unit"] = {"logistic": "log-odds", "exp": "log"}.get(link, "")
    classes = getattr(model, "classes_", None)
    if classes is None or len(classes) != max(2, n_outputs):
        return dict(result, task="regression" if n_outputs == 1 else "multiclass" if link == "softmax" else "other")
    return dict(result, task="binary" if n_outputs == 1 else "multiclass", classes=[plain(value) for value in classes])


# ---------------------------------------------------------------- models of models

def with_meaning(total, model):
    total.meaning = meaning(model, total.n_outputs)
    return total


def require_plain(model, part, estimator):
    """What is averaged must be what the parts give: shares of classes, or numbers without a link."""
    if part.meaning.get("link", "identity") != "identity":
        raise Refused("%s averages what %s makes of its sums by a curve, which is no sum; export its parts one by one"
                      % (type(model).__name__, type(estimator).__name__))
    if hasattr(model, "classes_") and part.meaning.get("unit") != "probability":
        raise Refused("%s of %s is no sum of trees; export its parts one by one" % (type(model).__name__, type(estimator).__name__))


def pipeline(model, features, columns):
    for _, step in model.steps[:-1]:
        features = transform(step, features, columns)
    return sum_of(model.steps[-1][1], features, columns)


def selected(model, features, columns):
    return sum_of(model.estimator_, selection(model, features, columns), columns)


def held(name):
    return lambda model, features, columns: sum_of(getattr(model, name), features, columns)


def isolation_of_pyod(model, features, columns):
    """pyod's score is not the one that the forest inside gives: the length of the paths is what both share."""
    total = sum_of(model.detector_, features, columns)
    total.meaning = {key: value for key, value in total.meaning.items() if key not in ("link", "link_scale")}
    return total


def voting(model, features, columns):
    if getattr(model, "voting", "soft") != "soft":
        raise Refused("%s counts votes, which is no sum; train it with voting=\"soft\", or export its parts one by one"
                      % type(model).__name__)
    parts = []
    for estimator in model.estimators_:
        part = sum_of(estimator, features, columns)
        require_plain(model, part, estimator)
        parts.append(part)
    return with_meaning(mean(model, parts, features, model._weights_not_none), model)


def answers_sums(estimator, part):
    """Whether decision_function, or else predict_proba, are the sums themselves."""
    return hasattr(estimator, "decision_function") or part.meaning.get("unit") == "probability"


def calibrated(model, features, columns):
    parts = model.calibrated_classifiers_
    curves = getattr(parts[0], "calibrators", getattr(parts[0], "calibrators_", []))
    if len(parts) == 1 and len(curves) == 1 and is_a(curves[0], "_SigmoidCalibration"):
        estimator = getattr(parts[0], "estimator", None) or parts[0].base_estimator
        total = sum_of(estimator, features, columns)
        if total.n_outputs == 1 and answers_sums(estimator, total):
            total.stretch([-curves[0].a_], [-curves[0].b_])
            total.meaning = {"classes": [plain(value) for value in model.classes_], "task": "binary", "link": "logistic",
                             "unit": "log-odds"}
            return total
    raise Refused("CalibratedClassifierCV averages calibrated classifiers, which is no sum; train it with ensemble=False and "
                  "method=\"sigmoid\" for two classes, or export model.calibrated_classifiers_[0].estimator, a classifier before "
                  "it is calibrated")


def transformed_target(model, features, columns):
    """A scaled target is scaled back; of a logarithm the prediction is a power."""
    total = sum_of(model.regressor_, features, columns)
    back = model.transformer_
    inverse = getattr(back, "inverse_func", None)
    if is_a(back, "FunctionTransformer") and inverse is None:
        return total
    require_plain(model, total, model.regressor_)
    if is_a(back, "StandardScaler", "MinMaxScaler", "MaxAbsScaler", "RobustScaler"):
        refuse_own_answers(back)
        zero, one = (back.inverse_transform(np.full((1, total.n_outputs), value))[0] for value in (0.0, 1.0))
        total.stretch(one - zero, zero)
    elif inverse is np.exp:
        total.meaning = {"task": "regression", "link": "exp", "unit": "log"}
    elif inverse is np.expm1:
        total.meaning = {"task": "regression", "notes": ["the output is the logarithm of 1 + the target; the model's prediction is "
                                                         "expm1 of it"]}
    else:
        raise Refused("TransformedTargetRegressor turns what its model predicts back by %s, which is no sum; export model.regressor_, "
                      "which predicts the target as it was transformed" % type(back).__name__)
    return total


def one_against_rest(model, features, columns):
    parts = [sum_of(estimator, features, columns) for estimator in model.estimators_]
    links = {part.meaning.get("link", "identity") for part in parts}
    names = [plain(value) for value in model.classes_]
    if len(parts) == 1 and not model.multilabel_:
        parts[0].meaning["classes"] = names
        return parts[0]
    if len(links) > 1 or any(part.n_outputs > 1 or part.meaning.get("link_scale", 1) != 1 for part in parts):
        raise Refused("the parts of OneVsRestClassifier are not alike; export model.estimators_ one by one")
    total = side_by_side(model, parts, features)
    link, = links
    if model.multilabel_:
        total.meaning = {"task": "other", "outputs": names, "link": link, "unit": parts[0].meaning.get("unit", "")}
    elif parts[0].meaning.get("unit") == "probability":
        total.meaning = {"task": "multiclass", "classes": names, "link": "shares"}
    else:
        total.meaning = {"task": "multiclass", "classes": names, "unit": parts[0].meaning.get("unit", ""),
                         "notes": ["each class is against the rest; the outputs are what says so for each, before the "
                                   "probabilities are made to add up to 1"]}
    return total


def many_targets(model, features, columns):
    parts = [sum_of(estimator, features, columns) for estimator in model.estimators_]
    if any(part.n_outputs > 1 or part.meaning.get("link") != parts[0].meaning.get("link") for part in parts):
        raise Refused("the targets of %s have several classes, or are not alike; export model.estimators_ one by one"
                      % type(model).__name__)
    total = side_by_side(model, parts, features)
    total.meaning = {key: value for key, value in parts[0].meaning.items() if key in ("task", "link", "link_scale", "unit")}
    if "classes" in parts[0].meaning:
        total.meaning.update(task="other", outputs=["target %d: %s" % (k, part.meaning["classes"][1]) for k, part in enumerate(parts)])
    return total


# The sums that models are, by the names of their classes, the first that fits: of trees or weights (function of the model),
# of libraries that have their own ways,
SUMS_OF_LIBRARIES = (
    (("BaseForestQuantileRegressor",), drawn_leaves),
    (("SurvivalTree",), survival_tree),
    (("_BaseSurvivalForest",), survival_forest),
    (("NGBoost",), natural_boosting),
    (("BaseGRF",), honest_forest),
    (("CausalTreeRegressor",), effect_tree),
    (("CausalRandomForestRegressor",), effect_forest),
    (("GradientBoostingSurvivalAnalysis",), gradient_boosting),
    (("ComponentwiseGradientBoostingSurvivalAnalysis", "CoxPHSurvivalAnalysis"), survival_weights),
)

# of scikit-learn,
SUMS = (
    (("BaseDecisionTree",), one_tree),
    (("IsolationForest",), isolation_forest),
    (("BaseForest",), forest),
    (("BaseGradientBoosting",), gradient_boosting),
    (("BaseHistGradientBoosting",), histogram_boosting),
    (("AdaBoostClassifier",), ada_boost),
    (("LinearModel", "LinearClassifierMixin", "_GeneralizedLinearRegressor", "GeneralizedLinearRegressor", "LinearSVR", "BaseSGDRegressor"), linear_model),
)

# and of other models (of the model, its features and the columns).
COMPOUNDS = (
    (("Pipeline",), pipeline),
    (("BaseSearchCV",), held("best_estimator_")),
    (("BaseThresholdClassifier", "RANSACRegressor"), held("estimator_")),
    (("FrozenEstimator",), held("estimator")),
    (("IForest",), isolation_of_pyod),
    (("RFE",), selected),
    (("VotingRegressor", "VotingClassifier"), voting),
    (("CalibratedClassifierCV",), calibrated),
    (("TransformedTargetRegressor",), transformed_target),
    (("OneVsRestClassifier",), one_against_rest),
    (("MultiOutputRegressor", "MultiOutputClassifier"), many_targets),
    (("MultiOutputGRF",), honest_forests),
    (("XGBModel", "LGBMModel", "GPBoostModel", "CatBoost", "Booster"), lambda *what: BOOSTER_SUMS[library_of(what[0])](*what)),
    (("BaseBagging",), bagging),
)

BOOSTER_SUMS = {"xgboost": xgboost_sum, "lightgbm": lightgbm_sum, "gpboost": lightgbm_sum, "catboost": catboost_sum}

REFUSED = (
    (("AdaBoostRegressor",), "predicts the weighted median of its trees, which is no sum, so no exact values exist; train "
                             "GradientBoostingRegressor"),
    (("RandomTreesEmbedding",), "is no model of a target"),
    (("StackingClassifier", "StackingRegressor"), "gives what its models predict to another model, which is no sum; export "
                                                  "model.estimators_ one by one"),
    (("RegressorChain", "ClassifierChain"), "gives what its models predict to the next, which is no sum; export model.estimators_[0]"),
    (("CausalForestDML",), "estimates effects with a forest behind other models; export model.model_cate"),
    (("EasyEnsembleClassifier",), "averages what its boosted models make of their sums by a curve, which is no sum; train "
                                  "BalancedBaggingClassifier or BalancedRandomForestClassifier"),
)


def find(model, table):
    return next((function for names, function in table if is_a(model, *names)), None)


def refuse_unknown(model):
    library = library_of(model)
    if library in OTHER_FILES:
        raise Refused("%s is a model of %s, whose own file Shapscope opens: write it with %s"
                      % (type(model).__name__, library, OTHER_FILES[library]))
    why = find(model, REFUSED)
    if library in ("sklearnex", "daal4py") and is_a(model, "BaseForest"):
        why = "of scikit-learn-intelex predicts otherwise than the trees that it shows; train it with scikit-learn as it is"
    if why is None and find(model, SUMS_OF_LIBRARIES + SUMS + COMPOUNDS) is None:
        why = "cannot be exported; README.md beside this script lists what can"
    if why is not None:
        raise Refused("%s %s" % (type(model).__name__, why))
    is_alike = find(model, SUMS_OF_LIBRARIES) is None and find(model, SUMS) is not None
    refuse_own_answers(model, ALIKE if is_alike else tuple(LIBRARIES))


def sum_of(model, features, columns):
    """The sum that a fitted model is, with the features that it takes and what its outputs mean."""
    refuse_unknown(model)
    function = find(model, SUMS_OF_LIBRARIES + SUMS)
    if function is None:
        return find(model, COMPOUNDS)(model, features, columns)
    total = function(model)
    total.features = encode_histogram_categories(model, features, columns)
    return with_meaning(total, model)


# ---------------------------------------------------------------- what the outputs mean

def meaning_of_boosting(model, n_outputs):
    if is_a(model, "GradientBoostingClassifier") and model.loss == "exponential":
        return {"task": "binary", "link": "logistic", "link_scale": 2.0}
    if n_outputs == 1:
        return {"task": "binary", "link": "logistic", "unit": "log-odds"}
    return {"task": "multiclass", "link": "softmax"}


def meaning_of_linear(model, n_outputs):
    task = {"task": "binary" if n_outputs == 1 else "multiclass"}
    if is_a(model, "LogisticRegression", "LogisticRegressionCV"):
        one_against_rest = n_outputs > 1 and (getattr(model, "multi_class", None) == "ovr" or model.solver == "liblinear")
        if one_against_rest:
            return dict(task, notes=["each class is against the rest; the outputs are the log-odds of each, before they are made to add up to 1"],
                        unit="log-odds")
        if n_outputs == 1 and getattr(model, "multi_class", None) == "multinomial":
            return dict(task, link="logistic", link_scale=2.0)
        return dict(task, link="logistic", unit="log-odds") if n_outputs == 1 else dict(task, link="softmax")
    if is_a(model, "SGDClassifier") and model.loss in ("log", "log_loss") and n_outputs == 1:
        return dict(task, link="logistic", unit="log-odds")
    if is_a(model, "LinearDiscriminantAnalysis"):
        return dict(task, link="logistic", unit="log-odds") if n_outputs == 1 else dict(task, link="softmax")
    return dict(task, notes=["the output is the decision function, which has no unit"])


# What NGBoost's distributions are told by.
PARAMETERS = {"Normal": ["mean", "logarithm of the standard deviation"], "NormalFixedVar": ["mean"], "Poisson": ["logarithm of the mean"],
              "LogNormal": ["mean of the logarithm", "logarithm of its standard deviation"],
              "Laplace": ["center", "logarithm of the scale"], "Exponential": ["logarithm of the scale"]}


def meaning_of_distribution(model, n_outputs):
    if is_a(model, "NGBClassifier"):
        names = [str(k) for k in range(max(2, n_outputs))]
        link = {"task": "binary", "link": "logistic", "unit": "log-odds"} if n_outputs == 1 else {"task": "multiclass", "link": "softmax"}
        return dict(link, classes=names)
    names = PARAMETERS.get(model.Dist.__name__, ["parameter %d" % k for k in range(n_outputs)])
    return {"task": "survival" if is_a(model, "NGBSurvival") else "regression", "outputs": names,
            "notes": ["the outputs are the parameters of the distribution (%s) that is predicted, pred_param" % model.Dist.__name__]}


def meaning_of_survival(model):
    if is_a(model, "GradientBoostingSurvivalAnalysis", "ComponentwiseGradientBoostingSurvivalAnalysis") and model.loss != "coxph":
        return {"task": "survival", "link": "exp", "unit": "log", "notes": ["the prediction is a time; the outputs are its logarithm"]}
    if is_a(model, "SurvivalTree", "_BaseSurvivalForest"):
        return {"task": "survival", "notes": ["the output is the risk score: the cumulative hazard, summed over the times of events"]}
    return {"task": "survival", "notes": ["the output is the logarithm of the hazard against that of a row of mean risk"]}


def meaning_of_effect(model, n_outputs):
    result = {"task": "regression"}
    if is_a(model, "BaseGRF") and not is_a(model, "RegressionForest"):
        result["notes"] = ["the output is the mean of what the trees estimate, predict_tree_average, as shap has it; predict solves "
                           "for all trees at once, which is no sum, and differs somewhat"]
    elif not is_a(model, "BaseGRF"):
        result["notes"] = ["the output is the effect of the treatment"]
    return result


def is_log_linked(model):
    if is_a(model, "HistGradientBoostingRegressor"):
        return model.loss in ("poisson", "gamma")
    if is_a(model, "PoissonRegressor", "GammaRegressor"):
        return True
    if is_a(model, "TweedieRegressor"):
        return model.link == "log" or (model.link == "auto" and model.power > 0)
    return False


def meaning(model, n_outputs):
    """Task, link and unit: how the margins become what the model predicts."""
    if is_a(model, "IsolationForest"):
        length = float(average_path_length(getattr(model, "_max_samples", None) or model.max_samples_))
        score = {"link": "isolation", "link_scale": 1.0 / length} if length > 0 else {}
        return {"task": "other", **score, "unit": "path length",
                "notes": ["the output is the mean path length: the shorter, the more unusual is the row"]}
    if is_a(model, "NGBoost"):
        return meaning_of_distribution(model, n_outputs)
    if is_a(model, "SurvivalAnalysisMixin"):
        return meaning_of_survival(model)
    if is_a(model, "BaseGRF", "CausalTreeRegressor", "CausalRandomForestRegressor"):
        return meaning_of_effect(model, n_outputs)
    if is_a(model, "BaseForestQuantileRegressor"):
        return {"task": "regression", "notes": ["the output is the mean, predict(x, quantiles=\"mean\"); quantiles are no sums of trees"]}
    if not hasattr(model, "classes_"):
        return {"task": "regression", "link": "exp", "unit": "log"} if is_log_linked(model) else {"task": "regression"}
    classes = {"classes": [plain(value) for value in model.classes_]}
    if len(classes["classes"]) < 2:
        raise Refused("%s knows one class only; there is nothing to explain" % type(model).__name__)
    if is_a(model, "BaseGradientBoosting", "BaseHistGradientBoosting"):
        return dict(classes, **meaning_of_boosting(model, n_outputs))
    if is_a(model, "AdaBoostClassifier"):
        if n_outputs == 1:
            return dict(classes, task="binary", link="logistic")
        return dict(classes, task="multiclass", link="softmax", link_scale=1.0 / (n_outputs - 1))
    if is_a(model, "LinearClassifierMixin"):
        return dict(classes, **meaning_of_linear(model, n_outputs))
    return dict(classes, task="binary" if n_outputs == 1 else "multiclass", unit="probability")


# ---------------------------------------------------------------- the whole model

def encode_histogram_categories(model, features, columns):
    """HistGradientBoosting encodes its categories itself: those first, then the numbers."""
    if getattr(model, "is_categorical_", None) is None:
        return features
    if getattr(model, "_preprocessor", None) is not None:
        return transform(model._preprocessor, features, columns)
    for feature, is_category in zip(features, model.is_categorical_):
        if is_category and columns.categories[feature.column] is None:
            columns.is_category[feature.column] = True
    return features


def drop_unused(columns, features):
    """Columns that a ColumnTransformer drops need not be in the data, where they are found by name."""
    used = sorted({feature.column for feature in features})
    if columns.names is None or len(used) == columns.n:
        return columns
    kept = Columns([columns.names[j] for j in used], len(used))
    kept.categories = [columns.categories[j] for j in used]
    kept.is_category = [columns.is_category[j] for j in used]
    place = {column: j for j, column in enumerate(used)}
    for feature in {id(feature): feature for feature in features}.values():
        feature.column = place[feature.column]
    return kept


def is_identity(columns, features):
    return len(features) == columns.n and all(f.column == j and not f.steps for j, f in enumerate(features))


def describe(model, feature_names=None):
    """The document for a fitted model, as a dictionary."""
    refuse_unknown(model)
    columns = Columns(feature_names or names_given(model), count_given(model))
    if columns.names is not None and len(columns.names) != columns.n:
        raise Refused("%d feature names were given for %d features" % (len(columns.names), columns.n))
    total = sum_of(model, [Feature(j) for j in range(columns.n)], columns)
    columns = drop_unused(columns, total.features)
    last = last_of(model)
    document = {"shapscope_model": FORMAT, "library": LIBRARIES[library_of(last)], "version": library_version(last),
                "estimator": type(last).__name__, "n_outputs": total.n_outputs}
    document.update(total.meaning)
    if "classes" in document:
        document["outputs"] = document["classes"][1:] if total.n_outputs == 1 else document["classes"]
    document["features"] = columns.describe()
    if not is_identity(columns, total.features):
        document["map"] = [feature.describe() for feature in total.features]
    if total.weights is not None:
        document["linear"] = {"weights": total.weights.ravel().tolist(), "bias": total.base}
        return document
    document["base"] = total.base
    document["cast"] = total.cast
    document["operator"] = "<="
    if total.vector:
        document["vector_leaves"] = True
    if total.trees_per_round:
        document["trees_per_round"] = total.trees_per_round
    document["trees"] = total.trees
    return document


def last_of(model):
    """The model inside pipelines and searches."""
    while is_a(model, "Pipeline", "BaseSearchCV"):
        model = model.steps[-1][1] if is_a(model, "Pipeline") else model.best_estimator_
    return model


def own_file(model):
    """The text of the library's own file, which Shapscope opens and which holds more than ours; None where there is none."""
    while is_a(model, "BaseSearchCV"):
        model = model.best_estimator_
    library = library_of(model)
    refuse_unknown(model)
    if library == "xgboost" and is_missing(getattr(model, "missing", math.nan)):
        return xgboost_document(model)
    if library == "lightgbm":
        return booster_of(model).model_to_string()
    return catboost_document(model) if library == "catboost" else None


def library_version(model):
    library = library_of(model)
    state = model.__getstate__() if library == "sklearn" and hasattr(model, "__getstate__") else {}
    version = state.get("_sklearn_version") if isinstance(state, dict) else None
    return str(version or getattr(sys.modules.get(library), "__version__", "unknown"))


def export(model, path, feature_names=None):
    """Write a fitted model to `path`; Refused is raised where that cannot be exact."""
    text = own_file(model) if feature_names is None else None
    if text is None:
        text = json.dumps(describe(model, feature_names), ensure_ascii=False, separators=(",", ":"))
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def load(path):
    """A pickle or a joblib file; both run what is in them."""
    try:
        with open(path, "rb") as file:
            head = file.read(1)
            file.seek(0)
            if head == b"\x80":
                try:
                    return pickle.load(file)
                except (pickle.UnpicklingError, ModuleNotFoundError, EOFError, KeyError, IndexError, ValueError):
                    pass
    except OSError as problem:
        raise Refused("%s cannot be read: %s" % (path, problem.strerror)) from None
    try:
        import joblib
    except ImportError:
        raise Refused("%s is no plain pickle; install joblib to read it" % path) from None
    try:
        return joblib.load(path)
    except ModuleNotFoundError as problem:
        raise Refused("%s needs the module %s; run this with the Python that trained the model"
                      % (path, problem.name)) from None
    except Exception as problem:  # any error can come out of a file that is no pickle
        raise Refused("%s is no pickle of a model that can be read here (%s: %s); write one with joblib.dump(model, "
                      "\"model.joblib\")" % (path, type(problem).__name__, " ".join(str(problem).split()))) from None


def main():
    parser = argparse.ArgumentParser(description="Export a model of scikit-learn, or of a library that builds on it, "
                                     "to the JSON that Shapscope opens.",
                                     epilog="Loading a pickle runs what is in it: export only files you trust.")
    parser.add_argument("model", help="a pickle or a joblib file of a fitted model")
    parser.add_argument("-o", "--output", required=True, help="the JSON file to write")
    parser.add_argument("--feature-names", metavar="A,B,...", help="names of the columns, where the model has none")
    arguments = parser.parse_args()
    names = arguments.feature_names.split(",") if arguments.feature_names else None
    try:
        export(load(arguments.model), arguments.output, names)
    except Refused as refusal:
        sys.exit("shapscope.py: %s" % refusal)
    except OSError as problem:
        sys.exit("shapscope.py: %s cannot be written: %s" % (arguments.output, problem.strerror))


if __name__ == "__main__":
    main()
