#!/usr/bin/env python3
"""Export a scikit-learn model to the JSON that Shapscope opens.

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
before them:
    StandardScaler, MinMaxScaler, MaxAbsScaler, RobustScaler, SimpleImputer, OneHotEncoder,
    OrdinalEncoder, TargetEncoder, Binarizer, feature selection, ColumnTransformer, "passthrough" and "drop".
Anything else is refused by name. Needs NumPy; scikit-learn is imported by the pickle alone.

This file is part of Shapscope and may be copied and changed freely (MIT licence).
"""
import argparse
import json
import math
import pickle
import sys
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

    def then(self, *steps):
        return Feature(self.column, self.steps + list(steps))

    def describe(self):
        entry = {"column": self.column}
        if self.steps:
            entry["steps"] = self.steps
        return entry


def names_given(model):
    names = getattr(model, "feature_names_in_", None)
    if names is None and is_a(model, "BaseSearchCV"):
        return names_given(model.best_estimator_)
    if names is None and is_a(model, "Pipeline"):
        return names_given(model.steps[0][1]) if model.steps else None
    return None if names is None else [str(name) for name in names]


def count_given(model):
    n = getattr(model, "n_features_in_", getattr(model, "n_features_", None))
    if n is None and is_a(model, "BaseSearchCV"):
        return count_given(model.best_estimator_)
    if n is None and is_a(model, "Pipeline"):
        return count_given(model.steps[0][1])
    if n is None:
        raise Refused("%s does not say how many features it takes; is it fitted?" % type(model).__name__)
    return int(n)


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
    for names, function in TRANSFORMERS:
        if is_a(step, *names):
            return function(step, features, columns)
    raise Refused("%s cannot be exported: what it makes of a column cannot be said column by column" % type(step).__name__)


# ---------------------------------------------------------------- sums of trees

class Sum:
    """base + trees, each with a value per leaf for one output, or (vector) for all of them."""

    def __init__(self, n_outputs, base=None, vector=False):
        self.n_outputs = n_outputs
        self.base = [0.0] * n_outputs if base is None else numbers(base)
        self.vector = vector
        self.cast = "float"
        self.trees = []
        self.trees_per_round = 0
        self.linear = None

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

    def add_sum(self, other, weight):
        """Takes over the trees of another sum, times a weight."""
        for k in range(self.n_outputs):
            self.base[k] += weight * other.base[k]
        for entry in other.trees:
            entry = dict(entry)
            entry["weight"] = entry.get("weight", 1.0) * weight
            self.trees.append(entry)


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


def forest(model):
    first = tree_values(model.estimators_[0])
    result = Sum(first.shape[1], vector=first.shape[1] > 1)
    for estimator in model.estimators_:
        result.add(estimator.tree_, tree_values(estimator), weight=1.0 / len(model.estimators_))
    return result


def bagging(model):
    n_classes = len(model.classes_) if hasattr(model, "classes_") else 0
    parts = []
    for estimator, selected in zip(model.estimators_, model.estimators_features_):
        if n_classes and len(estimator.classes_) != n_classes:
            raise Refused("a part of %s has not seen all classes; train it with more rows in each bag" % type(model).__name__)
        part = sum_of(estimator)
        if part.linear is not None or part.trees == [] or (n_classes and not hasattr(estimator, "tree_") and not is_a(estimator, "ForestClassifier")):
            raise Refused("%s of %s is no sum of trees" % (type(model).__name__, type(estimator).__name__))
        for entry in part.trees:
            entry["feature"] = np.asarray(selected)[entry["feature"]].tolist()
        parts.append(part)
    result = Sum(parts[0].n_outputs, vector=parts[0].vector)
    result.cast = parts[0].cast
    for part in parts:
        result.add_sum(part, 1.0 / len(parts))
    return result


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
    result = Sum(n_outputs, base=np.asarray(start, dtype=float)[0])
    for estimators in model.estimators_:
        for k, estimator in enumerate(estimators):
            result.add(estimator.tree_, estimator.tree_.value[:, :, 0], weight=model.learning_rate, output=k)
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
    result = Sum(weights.shape[0])
    result.linear = {"weights": weights.ravel().tolist(), "bias": bias.tolist()}
    return result


SUMS = (
    (("BaseDecisionTree",), one_tree),
    (("IsolationForest",), isolation_forest),
    (("BaseForest",), forest),
    (("BaseGradientBoosting",), gradient_boosting),
    (("BaseHistGradientBoosting",), histogram_boosting),
    (("AdaBoostClassifier",), ada_boost),
    (("BaseBagging",), bagging),
    (("LinearModel", "LinearClassifierMixin", "_GeneralizedLinearRegressor", "GeneralizedLinearRegressor", "LinearSVR", "BaseSGDRegressor"), linear_model),
)


def sum_of(model):
    if is_a(model, "AdaBoostRegressor"):
        raise Refused("AdaBoostRegressor predicts the weighted median of its trees, which is no sum, so no exact values exist; "
                      "explain it as a black box, or train GradientBoostingRegressor")
    if is_a(model, "RandomTreesEmbedding"):
        raise Refused("RandomTreesEmbedding is no model of a target")
    for names, function in SUMS:
        if is_a(model, *names):
            return function(model)
    raise Refused("%s cannot be exported; README.md beside this script lists what can" % type(model).__name__)


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
        return {"task": "other", "unit": "path length",
                "notes": ["the output is the mean path length: the shorter, the more unusual is the row"]}
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
    for feature in features:
        feature.column = used.index(feature.column)
    return kept


def is_identity(columns, features):
    return len(features) == columns.n and all(f.column == j and not f.steps for j, f in enumerate(features))


OWN_FILES = {"xgboost": "model.save_model(\"model.json\")", "lightgbm": "model.booster_.save_model(\"model.txt\")",
             "catboost": "model.save_model(\"model.cbm\")"}


def refuse_own_files(model, is_step=False):
    """Libraries whose own files Shapscope opens."""
    library = type(model).__module__.split(".")[0]
    if library not in OWN_FILES:
        return
    save = OWN_FILES[library]
    if library == "lightgbm" and not hasattr(model, "booster_"):
        save = "model.save_model(\"model.txt\")"
    after = ", and give Shapscope the data as the steps before it make them" if is_step else ""
    raise Refused("%s is a model of %s, whose own file Shapscope opens: write it with %s%s"
                  % (type(model).__name__, library, save, after))


def describe(model, feature_names=None):
    """The document for a fitted model, as a dictionary."""
    refuse_own_files(model)
    given = model
    columns = Columns(feature_names or names_given(given), count_given(given))
    if columns.names is not None and len(columns.names) != columns.n:
        raise Refused("%d feature names were given for %d features" % (len(columns.names), columns.n))
    features = [Feature(j) for j in range(columns.n)]
    while is_a(model, "Pipeline", "BaseSearchCV"):
        if is_a(model, "BaseSearchCV"):
            model = model.best_estimator_
            continue
        refuse_own_files(model.steps[-1][1], is_step=True)
        for _, step in model.steps[:-1]:
            features = transform(step, features, columns)
        model = model.steps[-1][1]
    refuse_own_files(model)
    if is_a(model, "TransformedTargetRegressor", "CalibratedClassifierCV"):
        raise Refused("%s changes what its model predicts; export the model inside it" % type(model).__name__)
    features = encode_histogram_categories(model, features, columns)
    total = sum_of(model)
    columns = drop_unused(columns, features)
    document = {"shapscope_model": FORMAT, "library": "scikit-learn", "version": library_version(model),
                "estimator": type(model).__name__, "n_outputs": total.n_outputs}
    document.update(meaning(model, total.n_outputs))
    if "classes" in document:
        document["outputs"] = document["classes"][1:] if total.n_outputs == 1 else document["classes"]
    document["features"] = columns.describe()
    if not is_identity(columns, features):
        document["map"] = [feature.describe() for feature in features]
    if total.linear is not None:
        document["linear"] = total.linear
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


def library_version(model):
    state = model.__getstate__() if hasattr(model, "__getstate__") else {}
    version = state.get("_sklearn_version") if isinstance(state, dict) else None
    module = sys.modules.get("sklearn")
    return str(version or getattr(module, "__version__", "unknown"))


def export(model, path, feature_names=None):
    """Write a fitted scikit-learn model to `path` (JSON); Refused is raised where that cannot be exact."""
    document = describe(model, feature_names)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False, separators=(",", ":"))


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
    parser = argparse.ArgumentParser(description="Export a scikit-learn model to the JSON that Shapscope opens.",
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


if __name__ == "__main__":
    main()
