// Written by `npm run schemas` from schemas/*.json: change those.

/** Avalanches: maximal runs of layers at or above the threshold. Dead perturbations (duration 0) have no row; they are counted in the ensemble table. */
export interface AvalancheColumns {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: Int32Array;
  /** int64, index. Network within the ensemble: floor(perturbation / reuse). */
  readonly network: BigInt64Array;
  /** int64, index. Perturbation within the ensemble, from 0. */
  readonly perturbation: BigInt64Array;
  /** int32, layer. First layer of the avalanche; 1 under the first-passage rule. */
  readonly start: Int32Array;
  /** int32, layers. Duration D: layers at or above the threshold. */
  readonly duration: Int32Array;
  /** float64. Size S = N times the sum of the signal strengths over the avalanche. */
  readonly size: Float64Array;
  /** float32. Largest signal strength. */
  readonly peak: Float32Array;
  /** bool, flag. True where the trace ended before the avalanche did. */
  readonly censored: Uint8Array;
}

/** One row of table `avalanche`; columns as in {@link AvalancheColumns}. */
export interface AvalancheRow {
  readonly ensemble: number;
  readonly network: number | bigint;
  readonly perturbation: number | bigint;
  readonly start: number;
  readonly duration: number;
  readonly size: number;
  readonly peak: number;
  readonly censored: boolean;
}

/** Mean avalanche shapes on a common grid of relative time, and rescaled by the collapse exponent. */
export interface CollapseColumns {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: Int32Array;
  /** int32, neurons. Neurons per layer, N. */
  readonly width: Int32Array;
  /** float64. Weight variance σw²; weights are drawn from N(0, σw²/N). */
  readonly weight_variance: Float64Array;
  /** float64. Bias variance σb². */
  readonly bias_variance: Float64Array;
  /** float64, layers. Duration D; the geometric mean where long durations are grouped. */
  readonly duration: Float64Array;
  /** float64. Relative time l/D, 0 to 1. */
  readonly x: Float64Array;
  /** float64. Mean signal strength s(x) of avalanches of this duration. */
  readonly strength: Float64Array;
  /** float64. strength · D^−(γ−1), with γ the collapse exponent. */
  readonly rescaled: Float64Array;
  /** int64, count. Avalanches of this duration. */
  readonly count: BigInt64Array;
}

/** One row of table `collapse`; columns as in {@link CollapseColumns}. */
export interface CollapseRow {
  readonly ensemble: number;
  readonly width: number;
  readonly weight_variance: number;
  readonly bias_variance: number;
  readonly duration: number;
  readonly x: number;
  readonly strength: number;
  readonly rescaled: number;
  readonly count: number | bigint;
}

/** How well the rescaled shapes fall on one curve, against the exponent they are rescaled with. */
export interface CollapseErrorColumns {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: Int32Array;
  /** int32, neurons. Neurons per layer, N. */
  readonly width: Int32Array;
  /** float64. Weight variance σw²; weights are drawn from N(0, σw²/N). */
  readonly weight_variance: Float64Array;
  /** float64. Bias variance σb². */
  readonly bias_variance: Float64Array;
  /** float64. Trial exponent γ. */
  readonly gamma: Float64Array;
  /** float64. Normalised mean squared error of the collapse at this exponent. */
  readonly nmse: Float64Array;
}

/** One row of table `collapse_error`; columns as in {@link CollapseErrorColumns}. */
export interface CollapseErrorRow {
  readonly ensemble: number;
  readonly width: number;
  readonly weight_variance: number;
  readonly bias_variance: number;
  readonly gamma: number;
  readonly nmse: number;
}

/** Two inputs through the same network: energies and cross-input correlation, layer by layer. */
export interface CorrelationColumns {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: Int32Array;
  /** int64, index. Network within the ensemble; one pair each. */
  readonly network: BigInt64Array;
  /** int32, layer. Layer l, 1 to depth. */
  readonly layer: Int32Array;
  /** float64. Signal energy q_a = mean of h_a² over the layer. */
  readonly energy_a: Float64Array;
  /** float64. Signal energy q_b = mean of h_b² over the layer. */
  readonly energy_b: Float64Array;
  /** float64. Mean of h_a·h_b over the layer, divided by sqrt(q_a·q_b). */
  readonly correlation: Float64Array;
}

/** One row of table `correlation`; columns as in {@link CorrelationColumns}. */
export interface CorrelationRow {
  readonly ensemble: number;
  readonly network: number | bigint;
  readonly layer: number;
  readonly energy_a: number;
  readonly energy_b: number;
  readonly correlation: number;
}

/** Ensembles of a run: families of random networks with their drive, and what their perturbations came to. */
export interface EnsembleColumns {
  /** int32, index. Position in the run's list of ensembles; the ensemble column of every table. */
  readonly ensemble: Int32Array;
  /** utf8. Activation function, with its argument where it takes one. */
  readonly activation: readonly string[];
  /** int32, neurons. Neurons per layer, N. */
  readonly width: Int32Array;
  /** int32, layers. Layers, L. */
  readonly depth: Int32Array;
  /** float64. Weight variance σw²; weights are drawn from N(0, σw²/N). */
  readonly weight_variance: Float64Array;
  /** float64. Bias variance σb². */
  readonly bias_variance: Float64Array;
  /** float64. Total norm of a perturbation, s0·√N. */
  readonly input_norm: Float64Array;
  /** utf8. Engine that propagated the perturbations. */
  readonly engine: readonly string[];
  /** int32, perturbations. Perturbations that share one network, R. */
  readonly reuse: Int32Array;
  /** int64, count. Perturbations tried. */
  readonly perturbations: BigInt64Array;
  /** int64, count. Avalanches of duration 1 or more that ended before the last layer. */
  readonly valid: BigInt64Array;
  /** int64, count. Perturbations that fell below the threshold at once (duration 0). */
  readonly dead: BigInt64Array;
  /** int64, count. Avalanches that were still above the threshold at the last layer. */
  readonly censored: BigInt64Array;
  /** int64, count. Signal strengths that were not finite. */
  readonly non_finite: BigInt64Array;
}

/** One row of table `ensemble`; columns as in {@link EnsembleColumns}. */
export interface EnsembleRow {
  readonly ensemble: number;
  readonly activation: string;
  readonly width: number;
  readonly depth: number;
  readonly weight_variance: number;
  readonly bias_variance: number;
  readonly input_norm: number;
  readonly engine: string;
  readonly reuse: number;
  readonly perturbations: number | bigint;
  readonly valid: number | bigint;
  readonly dead: number | bigint;
  readonly censored: number | bigint;
  readonly non_finite: number | bigint;
}

/** Critical exponents of each ensemble and the crackling relation between them. */
export interface ExponentsColumns {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: Int32Array;
  /** int32, neurons. Neurons per layer, N. */
  readonly width: Int32Array;
  /** float64. Weight variance σw²; weights are drawn from N(0, σw²/N). */
  readonly weight_variance: Float64Array;
  /** float64. Bias variance σb². */
  readonly bias_variance: Float64Array;
  /** float64. Exponent τ of the size distribution, P(S) ~ S^−τ. */
  readonly tau: Float64Array;
  /** float64. Standard error of tau. */
  readonly tau_error: Float64Array;
  /** float64. Exponent α of the duration distribution, P(D) ~ D^−α. */
  readonly alpha: Float64Array;
  /** float64. Standard error of alpha. */
  readonly alpha_error: Float64Array;
  /** float64. Exponent γ of mean size against duration, ⟨S⟩ ~ D^γ. */
  readonly gamma_scaling: Float64Array;
  /** float64. Standard error of gamma_scaling. */
  readonly gamma_scaling_error: Float64Array;
  /** float64. Exponent γ at which the avalanche shapes collapse best. */
  readonly gamma_collapse: Float64Array;
  /** float64. Standard error of gamma_collapse. */
  readonly gamma_collapse_error: Float64Array;
  /** float64. Exponent predicted by the crackling relation, (α−1)/(τ−1). */
  readonly gamma_predicted: Float64Array;
  /** float64. Standard error of gamma_predicted. */
  readonly gamma_predicted_error: Float64Array;
  /** float64. gamma_scaling − gamma_predicted. */
  readonly mismatch: Float64Array;
  /** float64. Standard error of mismatch. */
  readonly mismatch_error: Float64Array;
  /** float64. mismatch in units of its standard error. */
  readonly mismatch_sigmas: Float64Array;
}

/** One row of table `exponents`; columns as in {@link ExponentsColumns}. */
export interface ExponentsRow {
  readonly ensemble: number;
  readonly width: number;
  readonly weight_variance: number;
  readonly bias_variance: number;
  readonly tau?: number | null | undefined;
  readonly tau_error?: number | null | undefined;
  readonly alpha?: number | null | undefined;
  readonly alpha_error?: number | null | undefined;
  readonly gamma_scaling?: number | null | undefined;
  readonly gamma_scaling_error?: number | null | undefined;
  readonly gamma_collapse?: number | null | undefined;
  readonly gamma_collapse_error?: number | null | undefined;
  readonly gamma_predicted?: number | null | undefined;
  readonly gamma_predicted_error?: number | null | undefined;
  readonly mismatch?: number | null | undefined;
  readonly mismatch_error?: number | null | undefined;
  readonly mismatch_sigmas?: number | null | undefined;
}

/** Fitted distributions: one row for each parameter of each model. */
export interface FitColumns {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: Int32Array;
  /** int32, neurons. Neurons per layer, N. */
  readonly width: Int32Array;
  /** float64. Weight variance σw²; weights are drawn from N(0, σw²/N). */
  readonly weight_variance: Float64Array;
  /** float64. Bias variance σb². */
  readonly bias_variance: Float64Array;
  /** utf8. What was fitted: size, duration, or the name of a column. */
  readonly observable: readonly string[];
  /** utf8. Family of distributions: power_law, exponential, lognormal and others. */
  readonly model: readonly string[];
  /** utf8. Parameter of the model. */
  readonly parameter: readonly string[];
  /** float64. Maximum-likelihood estimate. */
  readonly estimate: Float64Array;
  /** float64. Standard error of the estimate. */
  readonly standard_error: Float64Array;
  /** float64. Smallest value that was fitted. */
  readonly xmin: Float64Array;
  /** float64. Largest value that was fitted; none where there is no upper cutoff. */
  readonly xmax: Float64Array;
  /** int64, count. Values between xmin and xmax. */
  readonly n_tail: BigInt64Array;
  /** float64. Kolmogorov–Smirnov distance between data and model. */
  readonly ks: Float64Array;
  /** float64, nat. Log-likelihood of the fitted values. */
  readonly log_likelihood: Float64Array;
  /** float64. Normalised log-likelihood ratio of the power law against this model; positive favours the power law. */
  readonly ratio: Float64Array;
  /** float64. Of a power law: goodness of fit; of another model: significance of the ratio. */
  readonly p_value: Float64Array;
}

/** One row of table `fit`; columns as in {@link FitColumns}. */
export interface FitRow {
  readonly ensemble: number;
  readonly width?: number | null | undefined;
  readonly weight_variance?: number | null | undefined;
  readonly bias_variance?: number | null | undefined;
  readonly observable: string;
  readonly model: string;
  readonly parameter: string;
  readonly estimate?: number | null | undefined;
  readonly standard_error?: number | null | undefined;
  readonly xmin?: number | null | undefined;
  readonly xmax?: number | null | undefined;
  readonly n_tail?: number | bigint | null | undefined;
  readonly ks?: number | null | undefined;
  readonly log_likelihood?: number | null | undefined;
  readonly ratio?: number | null | undefined;
  readonly p_value?: number | null | undefined;
}

/** Binned distributions of avalanche sizes and durations; every bin holds at least a set number of avalanches, but for the last. */
export interface HistogramColumns {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: Int32Array;
  /** int32, neurons. Neurons per layer, N. */
  readonly width: Int32Array;
  /** float64. Weight variance σw²; weights are drawn from N(0, σw²/N). */
  readonly weight_variance: Float64Array;
  /** float64. Bias variance σb². */
  readonly bias_variance: Float64Array;
  /** utf8. What is counted: size or duration. */
  readonly observable: readonly string[];
  /** float64. Lower edge of the bin, included. */
  readonly lower: Float64Array;
  /** float64. Upper edge of the bin, excluded. */
  readonly upper: Float64Array;
  /** float64. Geometric mean of the edges. */
  readonly center: Float64Array;
  /** int64, count. Avalanches in the bin. */
  readonly count: BigInt64Array;
  /** float64. Probability density: count / (width of the bin · number of avalanches). */
  readonly density: Float64Array;
}

/** One row of table `histogram`; columns as in {@link HistogramColumns}. */
export interface HistogramRow {
  readonly ensemble: number;
  readonly width: number;
  readonly weight_variance: number;
  readonly bias_variance: number;
  readonly observable: string;
  readonly lower: number;
  readonly upper: number;
  readonly center: number;
  readonly count: number | bigint;
  readonly density: number;
}

/** Mean-field theory (N → ∞) at points of the phase diagram (arXiv:1611.01232). Divergences are Infinity; NaN where a quantity is not defined. */
export interface MeanfieldColumns {
  /** utf8. Activation φ. */
  readonly activation: readonly string[];
  /** float64. Weight variance σw². */
  readonly weight_variance: Float64Array;
  /** float64. Bias variance σb². */
  readonly bias_variance: Float64Array;
  /** float64. Signal energy q*, the stable fixed point of q ← σw² V(q) + σb²; 0 in the absorbing phase, Infinity where the signal diverges. */
  readonly q_star: Float64Array;
  /** float64. Signal strength s* = √q*. */
  readonly s_star: Float64Array;
  /** float64. Slope of the length map at q*. */
  readonly q_map_slope: Float64Array;
  /** float64. Weight susceptibility ∂s*\/∂σw²; the right derivative at a critical point. */
  readonly chi_weight_variance: Float64Array;
  /** float64. Weight susceptibility ∂s*\/∂σw = 2σw ∂s*\/∂σw². */
  readonly chi_weight_deviation: Float64Array;
  /** float64. Bias susceptibility ∂s*\/∂σb². */
  readonly chi_bias_variance: Float64Array;
  /** float64. χ₁ = σw² ∫Dz φ'(√q* z)²: mean squared stretch of a layer; the edge of chaos is χ₁ = 1. */
  readonly chi_1: Float64Array;
  /** float64. Stable fixed point c* of the correlation of two inputs; 1 where χ₁ ≤ 1. */
  readonly c_star: Float64Array;
  /** float64, layers. Depth scale of the signal energy, −1/ln|slope of the length map|. */
  readonly xi_q: Float64Array;
  /** float64, layers. Depth scale of the correlation of two inputs, −1/ln of the slope of the correlation map at c*. */
  readonly xi_c: Float64Array;
}

/** One row of table `meanfield`; columns as in {@link MeanfieldColumns}. */
export interface MeanfieldRow {
  readonly activation: string;
  readonly weight_variance: number;
  readonly bias_variance: number;
  readonly q_star: number;
  readonly s_star: number;
  readonly q_map_slope: number;
  readonly chi_weight_variance: number;
  readonly chi_weight_deviation: number;
  readonly chi_bias_variance: number;
  readonly chi_1: number;
  readonly c_star: number;
  readonly xi_q: number;
  readonly xi_c: number;
}

/** Perturbations to propagate: what enters a partition's stages. */
export interface PerturbationColumns {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: Int32Array;
  /** int64, index. Network within the ensemble: floor(perturbation / reuse). */
  readonly network: BigInt64Array;
  /** int64, index. Perturbation within the ensemble, from 0. */
  readonly perturbation: BigInt64Array;
  /** float32. Signal strength s0 at layer 0. */
  readonly strength: Float32Array;
}

/** One row of table `perturbation`; columns as in {@link PerturbationColumns}. */
export interface PerturbationRow {
  readonly ensemble: number;
  readonly network: number | bigint;
  readonly perturbation: number | bigint;
  readonly strength: number;
}

/** Curves of the mean-field phase diagram: where they cross lines of constant bias variance. */
export interface PhaseCurveColumns {
  /** utf8. Activation φ. */
  readonly activation: readonly string[];
  /** utf8. edge-of-chaos (χ₁ = 1), widom-weight-variance or widom-weight-deviation (maximum of ∂s*\/∂σw² or ∂s*\/∂σw over σw² at fixed σb²). */
  readonly curve: readonly string[];
  /** float64. Bias variance σb². */
  readonly bias_variance: Float64Array;
  /** float64. Weight variance σw² of the curve there. */
  readonly weight_variance: Float64Array;
  /** float64. Signal energy q* there. */
  readonly q_star: Float64Array;
  /** float64. Signal strength s* there. */
  readonly s_star: Float64Array;
  /** float64. χ₁ = 1 on the edge of chaos, the maximum of the susceptibility on a Widom-like line. */
  readonly value: Float64Array;
}

/** One row of table `phase_curve`; columns as in {@link PhaseCurveColumns}. */
export interface PhaseCurveRow {
  readonly activation: string;
  readonly curve: string;
  readonly bias_variance: number;
  readonly weight_variance: number;
  readonly q_star: number;
  readonly s_star: number;
  readonly value: number;
}

/** Avalanche size against duration, one row for each duration or group of durations. */
export interface ScalingColumns {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: Int32Array;
  /** int32, neurons. Neurons per layer, N. */
  readonly width: Int32Array;
  /** float64. Weight variance σw²; weights are drawn from N(0, σw²/N). */
  readonly weight_variance: Float64Array;
  /** float64. Bias variance σb². */
  readonly bias_variance: Float64Array;
  /** float64, layers. Duration D; the geometric mean where long durations are grouped. */
  readonly duration: Float64Array;
  /** int64, count. Avalanches of this duration. */
  readonly count: BigInt64Array;
  /** float64. Mean size ⟨S⟩ at this duration. */
  readonly mean_size: Float64Array;
  /** float64. Mean of ln S at this duration. */
  readonly mean_log_size: Float64Array;
  /** float64. Variance of ln S at this duration; none for a single avalanche. */
  readonly var_log_size: Float64Array;
}

/** One row of table `scaling`; columns as in {@link ScalingColumns}. */
export interface ScalingRow {
  readonly ensemble: number;
  readonly width: number;
  readonly weight_variance: number;
  readonly bias_variance: number;
  readonly duration: number;
  readonly count: number | bigint;
  readonly mean_size: number;
  readonly mean_log_size: number;
  readonly var_log_size?: number | null | undefined;
}

/** Signal strength of every layer a perturbation was followed through, from layer 1; rows of one perturbation are in layer order. */
export interface SignalColumns {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: Int32Array;
  /** int64, index. Perturbation within the ensemble, from 0. */
  readonly perturbation: BigInt64Array;
  /** int32, layer. Layer l, 1 to depth. */
  readonly layer: Int32Array;
  /** float32. Signal strength s_l = sqrt(mean of squares over the layer). */
  readonly strength: Float32Array;
}

/** One row of table `signal`; columns as in {@link SignalColumns}. */
export interface SignalRow {
  readonly ensemble: number;
  readonly perturbation: number | bigint;
  readonly layer: number;
  readonly strength: number;
}

/** Columns of every table, by its name; booleans are bitmaps (bit i of byte i >> 3). */
export interface TableColumns {
  readonly avalanche: AvalancheColumns;
  readonly collapse: CollapseColumns;
  readonly collapse_error: CollapseErrorColumns;
  readonly correlation: CorrelationColumns;
  readonly ensemble: EnsembleColumns;
  readonly exponents: ExponentsColumns;
  readonly fit: FitColumns;
  readonly histogram: HistogramColumns;
  readonly meanfield: MeanfieldColumns;
  readonly perturbation: PerturbationColumns;
  readonly phase_curve: PhaseCurveColumns;
  readonly scaling: ScalingColumns;
  readonly signal: SignalColumns;
}

/** A row of every table, by its name. */
export interface TableRows {
  readonly avalanche: AvalancheRow;
  readonly collapse: CollapseRow;
  readonly collapse_error: CollapseErrorRow;
  readonly correlation: CorrelationRow;
  readonly ensemble: EnsembleRow;
  readonly exponents: ExponentsRow;
  readonly fit: FitRow;
  readonly histogram: HistogramRow;
  readonly meanfield: MeanfieldRow;
  readonly perturbation: PerturbationRow;
  readonly phase_curve: PhaseCurveRow;
  readonly scaling: ScalingRow;
  readonly signal: SignalRow;
}

export type TableName = keyof TableRows;
