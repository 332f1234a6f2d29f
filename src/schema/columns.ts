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

/** How the correlation of two inputs of the same network decays with the layer, beside the depth scale ξ_c of the mean-field theory. */
export interface CorrelationDepthColumns {
  /** int32, index. Pair of inputs at one point of the phase diagram. */
  readonly ensemble: Int32Array;
  /** utf8. Activation φ. */
  readonly activation: readonly string[];
  /** int32, neurons. Neurons per layer, N. */
  readonly width: Int32Array;
  /** float64. Weight variance σw². */
  readonly weight_variance: Float64Array;
  /** float64. Bias variance σb². */
  readonly bias_variance: Float64Array;
  /** float64. Correlation c_0 of the two inputs. */
  readonly input_correlation: Float64Array;
  /** int64, count. Networks, each with one pair. */
  readonly networks: BigInt64Array;
  /** float64. Mean-field stretch χ₁; 1 on the edge of chaos. */
  readonly chi_1: Float64Array;
  /** float64. Mean-field fixed point c*. */
  readonly c_star: Float64Array;
  /** float64, layers. Mean-field depth scale ξ_c of the correlation. */
  readonly xi_c: Float64Array;
  /** float64, layers. Decay length of |c_l − c*|, c* being followed by a reference pair with the same random numbers. */
  readonly decay_length: Float64Array;
  /** float64, layers. Its jackknife error over networks. */
  readonly decay_length_error: Float64Array;
  /** float64, layers. What the same fit makes of the mean-field recursion. */
  readonly decay_length_recursion: Float64Array;
  /** int32, layer. First layer of the fit. */
  readonly first_layer: Int32Array;
  /** int32, layer. Last layer of the fit. */
  readonly last_layer: Int32Array;
}

/** One row of table `correlation_depth`; columns as in {@link CorrelationDepthColumns}. */
export interface CorrelationDepthRow {
  readonly ensemble: number;
  readonly activation: string;
  readonly width: number;
  readonly weight_variance: number;
  readonly bias_variance: number;
  readonly input_correlation: number;
  readonly networks: number | bigint;
  readonly chi_1: number;
  readonly c_star: number;
  readonly xi_c: number;
  readonly decay_length?: number | null | undefined;
  readonly decay_length_error?: number | null | undefined;
  readonly decay_length_recursion?: number | null | undefined;
  readonly first_layer?: number | null | undefined;
  readonly last_layer?: number | null | undefined;
}

/** Correlation of two inputs of the same network layer by layer: mean over networks, and the correlation map of the mean-field theory. */
export interface CorrelationLayerColumns {
  /** int32, index. Pair of inputs at one point of the phase diagram. */
  readonly ensemble: Int32Array;
  /** int32, neurons. Neurons per layer, N. */
  readonly width: Int32Array;
  /** float64. Weight variance σw². */
  readonly weight_variance: Float64Array;
  /** float64. Bias variance σb². */
  readonly bias_variance: Float64Array;
  /** float64. Correlation c_0 of the two inputs. */
  readonly input_correlation: Float64Array;
  /** int32, layer. Layer l, 0 (the inputs) to depth. */
  readonly layer: Int32Array;
  /** float64. Mean of c_l over networks. */
  readonly correlation: Float64Array;
  /** float64. Its standard error. */
  readonly correlation_error: Float64Array;
  /** float64. c_l of the mean-field correlation map from the same inputs; NaN where a signal has vanished. */
  readonly recursion: Float64Array;
}

/** One row of table `correlation_layer`; columns as in {@link CorrelationLayerColumns}. */
export interface CorrelationLayerRow {
  readonly ensemble: number;
  readonly width: number;
  readonly weight_variance: number;
  readonly bias_variance: number;
  readonly input_correlation: number;
  readonly layer: number;
  readonly correlation?: number | null | undefined;
  readonly correlation_error?: number | null | undefined;
  readonly recursion: number;
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

/** Training of fully connected networks, one row an epoch and run, as it happens (arXiv:2509.22649). */
export interface LearningColumns {
  /** int32, index. Cell: a width, depth and pair of variances. */
  readonly ensemble: Int32Array;
  /** int64, index. Run within the cell, from 0: its own weights and batches. */
  readonly run: BigInt64Array;
  /** int32, epochs. Epoch, from 1; 0 is the network before training. */
  readonly epoch: Int32Array;
  /** int32, neurons. Neurons per hidden layer, N. */
  readonly width: Int32Array;
  /** int32, layers. Layers with weights, L; the last one is the output. */
  readonly depth: Int32Array;
  /** float64. Initial weight variance σw²; weights are drawn from N(0, σw²/fan-in). */
  readonly weight_variance: Float64Array;
  /** float64. Initial bias variance σb². */
  readonly bias_variance: Float64Array;
  /** float64, nats. Mean softmax cross-entropy over the epoch's batches, each before its step; NaN in epoch 0. */
  readonly loss: Float64Array;
  /** float64. Share of images whose largest output is their class, over the epoch's batches; NaN in epoch 0. */
  readonly accuracy: Float64Array;
}

/** One row of table `learning`; columns as in {@link LearningColumns}. */
export interface LearningRow {
  readonly ensemble: number;
  readonly run: number | bigint;
  readonly epoch: number;
  readonly width: number;
  readonly depth: number;
  readonly weight_variance: number;
  readonly bias_variance: number;
  readonly loss: number;
  readonly accuracy: number;
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

/** Cells of the phase diagram: mean-field theory beside finite networks. Divergences of the theory are Infinity, what is not defined there NaN; what was not measured is null. */
export interface PhaseColumns {
  /** int32, index. Cell, one row of constant bias variance after the other. */
  readonly ensemble: Int32Array;
  /** utf8. Activation φ. */
  readonly activation: readonly string[];
  /** int32, neurons. Neurons per layer, N, of the simulated networks. */
  readonly width: Int32Array;
  /** float64. Weight variance σw². */
  readonly weight_variance: Float64Array;
  /** float64. Bias variance σb². */
  readonly bias_variance: Float64Array;
  /** float64. Mean-field signal strength s*. */
  readonly s_star: Float64Array;
  /** float64. Mean-field weight susceptibility ∂s*\/∂σw². */
  readonly chi_weight_variance: Float64Array;
  /** float64. Mean-field stretch χ₁; 1 on the edge of chaos. */
  readonly chi_1: Float64Array;
  /** float64, layers. Mean-field depth scale of the signal energy. */
  readonly xi_q: Float64Array;
  /** float64, layers. Mean-field depth scale of the correlation of two inputs. */
  readonly xi_c: Float64Array;
  /** int64, count. Perturbations simulated, each with a network of its own; more near criticality. */
  readonly perturbations: BigInt64Array;
  /** int32, layers. Layers before the steady state is measured. */
  readonly burn_in: Int32Array;
  /** int32, layers. Layers of the steady state that were averaged. */
  readonly window: Int32Array;
  /** float64. Simulated steady-state signal strength ⟨s⟩. */
  readonly strength: Float64Array;
  /** float64. Its standard error, over networks. */
  readonly strength_error: Float64Array;
  /** float64. Simulated weight susceptibility ∂⟨s⟩/∂σw². */
  readonly susceptibility: Float64Array;
  /** float64. Its standard error, over networks. */
  readonly susceptibility_error: Float64Array;
  /** float64. Drive s0 of the avalanches and the threshold that ends them. */
  readonly threshold: Float64Array;
  /** int32, layers. Layers that an avalanche may last. */
  readonly depth: Int32Array;
  /** int64, count. Avalanches of duration 1 or more that ended before the last layer. */
  readonly valid: BigInt64Array;
  /** int64, count. Perturbations that fell below the threshold at once. */
  readonly dead: BigInt64Array;
  /** int64, count. Avalanches still above the threshold at the last layer. */
  readonly censored: BigInt64Array;
  /** float64. Mean size S = N Σ s_l of all avalanches, censored ones up to the last layer: a lower bound where there are any. */
  readonly mean_size: Float64Array;
  /** float64. Its standard error, over networks. */
  readonly mean_size_error: Float64Array;
  /** float64. Mean size of the avalanches that ended. */
  readonly mean_size_ended: Float64Array;
  /** float64. Its standard error, over networks. */
  readonly mean_size_ended_error: Float64Array;
}

/** One row of table `phase`; columns as in {@link PhaseColumns}. */
export interface PhaseRow {
  readonly ensemble: number;
  readonly activation: string;
  readonly width: number;
  readonly weight_variance: number;
  readonly bias_variance: number;
  readonly s_star: number;
  readonly chi_weight_variance: number;
  readonly chi_1: number;
  readonly xi_q: number;
  readonly xi_c: number;
  readonly perturbations: number | bigint;
  readonly burn_in: number;
  readonly window: number;
  readonly strength?: number | null | undefined;
  readonly strength_error?: number | null | undefined;
  readonly susceptibility?: number | null | undefined;
  readonly susceptibility_error?: number | null | undefined;
  readonly threshold: number;
  readonly depth: number;
  readonly valid: number | bigint;
  readonly dead: number | bigint;
  readonly censored: number | bigint;
  readonly mean_size?: number | null | undefined;
  readonly mean_size_error?: number | null | undefined;
  readonly mean_size_ended?: number | null | undefined;
  readonly mean_size_ended_error?: number | null | undefined;
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

/** Signal strength against layer below, near and above criticality: some single networks, the root mean square over all, the mean-field recursion. */
export interface RegimeColumns {
  /** int32, index. One point of the phase diagram. */
  readonly ensemble: Int32Array;
  /** utf8. Activation φ. */
  readonly activation: readonly string[];
  /** int32, neurons. Neurons per layer, N. */
  readonly width: Int32Array;
  /** float64. Weight variance σw². */
  readonly weight_variance: Float64Array;
  /** float64. Bias variance σb². */
  readonly bias_variance: Float64Array;
  /** utf8. trace, mean (root mean square over networks) or recursion. */
  readonly series: readonly string[];
  /** int64, index. Perturbation of a trace, each with a network of its own. */
  readonly perturbation: BigInt64Array;
  /** int32, layer. Layer l, 0 (the input) to depth. */
  readonly layer: Int32Array;
  /** float64. Signal strength s_l. */
  readonly strength: Float64Array;
  /** float64. Standard error of the root mean square. */
  readonly strength_error: Float64Array;
}

/** One row of table `regime`; columns as in {@link RegimeColumns}. */
export interface RegimeRow {
  readonly ensemble: number;
  readonly activation: string;
  readonly width: number;
  readonly weight_variance: number;
  readonly bias_variance: number;
  readonly series: string;
  readonly perturbation?: number | bigint | null | undefined;
  readonly layer: number;
  readonly strength: number;
  readonly strength_error?: number | null | undefined;
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

/** Steady state of single networks: averages over layers past the burn-in, and their response to the weight variance. */
export interface SteadyStateColumns {
  /** int32, index. Ensemble, the cell of the phase diagram. */
  readonly ensemble: Int32Array;
  /** int64, index. Perturbation within the ensemble, each with a network of its own. */
  readonly perturbation: BigInt64Array;
  /** float64. Signal strength s averaged over the layers of the window. */
  readonly strength: Float64Array;
  /** float64. ∂s/∂σw² of this average: central difference of two runs with common random numbers. */
  readonly susceptibility: Float64Array;
}

/** One row of table `steady_state`; columns as in {@link SteadyStateColumns}. */
export interface SteadyStateRow {
  readonly ensemble: number;
  readonly perturbation: number | bigint;
  readonly strength: number;
  readonly susceptibility: number;
}

/** Columns of every table, by its name; booleans are bitmaps (bit i of byte i >> 3). */
export interface TableColumns {
  readonly avalanche: AvalancheColumns;
  readonly collapse: CollapseColumns;
  readonly collapse_error: CollapseErrorColumns;
  readonly correlation: CorrelationColumns;
  readonly correlation_depth: CorrelationDepthColumns;
  readonly correlation_layer: CorrelationLayerColumns;
  readonly ensemble: EnsembleColumns;
  readonly exponents: ExponentsColumns;
  readonly fit: FitColumns;
  readonly histogram: HistogramColumns;
  readonly learning: LearningColumns;
  readonly meanfield: MeanfieldColumns;
  readonly perturbation: PerturbationColumns;
  readonly phase: PhaseColumns;
  readonly phase_curve: PhaseCurveColumns;
  readonly regime: RegimeColumns;
  readonly scaling: ScalingColumns;
  readonly signal: SignalColumns;
  readonly steady_state: SteadyStateColumns;
}

/** A row of every table, by its name. */
export interface TableRows {
  readonly avalanche: AvalancheRow;
  readonly collapse: CollapseRow;
  readonly collapse_error: CollapseErrorRow;
  readonly correlation: CorrelationRow;
  readonly correlation_depth: CorrelationDepthRow;
  readonly correlation_layer: CorrelationLayerRow;
  readonly ensemble: EnsembleRow;
  readonly exponents: ExponentsRow;
  readonly fit: FitRow;
  readonly histogram: HistogramRow;
  readonly learning: LearningRow;
  readonly meanfield: MeanfieldRow;
  readonly perturbation: PerturbationRow;
  readonly phase: PhaseRow;
  readonly phase_curve: PhaseCurveRow;
  readonly regime: RegimeRow;
  readonly scaling: ScalingRow;
  readonly signal: SignalRow;
  readonly steady_state: SteadyStateRow;
}

export type TableName = keyof TableRows;
