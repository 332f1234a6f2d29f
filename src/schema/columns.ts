// Written by `npm run schemas` from schemas/*.json: change those.

/** Asymmetry in time of the mean avalanche shape (of the excess over the threshold, or the signal where sizes are of it), by groups of durations a factor of √2 wide. */
export type AsymmetryRow = {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: number;
  /** int32, neurons. Neurons per layer, N; null where there is no network. */
  readonly width?: number | null | undefined;
  /** float64. Weight variance σw²; weights are drawn from N(0, σw²/N); null where there is no network. */
  readonly weight_variance?: number | null | undefined;
  /** float64. Bias variance σb²; null where there is no network. */
  readonly bias_variance?: number | null | undefined;
  /** float64, layers. Typical duration exp⟨ln D⟩ of the group. */
  readonly duration: number;
  /** float64, count. Avalanches in the group. */
  readonly count: number;
  /** float64. a of f(u) ∝ g(u)·[1 − a·(u − ½)] with g symmetric in time: positive where the shape leans to early layers. */
  readonly asymmetry: number;
  /** float64. Jackknife standard error of asymmetry. */
  readonly asymmetry_error?: number | null | undefined;
  /** float64. Third standardised moment of the shape as a density over relative time: positive where its tail is late. */
  readonly skewness: number;
  /** float64. Jackknife standard error of skewness. */
  readonly skewness_error?: number | null | undefined;
};

/** Avalanches: maximal runs of layers at or above the threshold. Dead perturbations (duration 0) have no row; they are counted in the ensemble table. */
export type AvalancheRow = {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: number;
  /** int64, index. Network within the ensemble: floor(perturbation / reuse). */
  readonly network: number;
  /** int64, index. Perturbation within the ensemble, from 0. */
  readonly perturbation: number;
  /** int32, layer. First layer of the avalanche; 1 under the first-passage rule. */
  readonly start: number;
  /** int32, layers. Duration D: layers at or above the threshold. */
  readonly duration: number;
  /** float64. Size S = N·Σ (s_l − θ_l): N times the sum of the excess of the signal strength over the threshold. Without the factor N in residual networks. */
  readonly size: number;
  /** float64. Size summed from zero, N·Σ s_l; without the factor N in residual networks. */
  readonly signal_size: number;
  /** float64. Largest signal strength, counted from zero. */
  readonly peak: number;
  /** bool, flag. True where the trace ended before the avalanche did. */
  readonly censored: boolean;
};

/** Sums over a partition's steps from an active layer to the next one; Σ descendants / Σ ancestors is the branching ratio. The drive, layer 0, is an ancestor. */
export type BranchingRow = {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: number;
  /** float64. Sum of signal strengths s_l in active layers l, at or above the threshold, that a layer follows. */
  readonly ancestors: number;
  /** float64. Sum of the signal strengths s_(l+1) in the layers that follow. */
  readonly descendants: number;
};

/** Signal strength of every layer of a residual network over its calibration inputs: what thresholds are made of. */
export type CalibrationRow = {
  /** int32, index. First ensemble of the model, row of the ensemble table. */
  readonly ensemble: number;
  /** utf8. Architecture: resnet-18, resnet-34, resnet-50, resnet-101 or resnet-152. */
  readonly model: string;
  /** int32, layer. Layer l, 1 to depth. */
  readonly layer: number;
  /** utf8. Operation whose output the layer is: convolution, batch-norm, relu, max-pool, addition, average-pool or linear. */
  readonly operation: string;
  /** utf8. Part of the network: stem, stage s block b, or head. */
  readonly unit: string;
  /** int32, pixels. Height of the output. */
  readonly height: number;
  /** int32, pixels. Width of the output. */
  readonly width: number;
  /** int32, channels. Channels of the output. */
  readonly channels: number;
  /** float64. Mean μ_l of the signal strength, averaged over networks. */
  readonly mean: number;
  /** float64. Standard deviation sd_l of the signal strength between the inputs of one network: root mean square over networks. */
  readonly sd: number;
  /** float64. Standard deviation of μ_l between networks; none for a single network. */
  readonly network_sd?: number | null | undefined;
  /** int64, count. Networks that were calibrated. */
  readonly networks: number;
};

/** Mean avalanche shapes, of the excess over the threshold (or of the signal, as column size of table exponents says), on a common grid of relative time, and rescaled by the collapse exponent. */
export type CollapseRow = {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: number;
  /** int32, neurons. Neurons per layer, N; null where there is no network. */
  readonly width?: number | null | undefined;
  /** float64. Weight variance σw²; weights are drawn from N(0, σw²/N); null where there is no network. */
  readonly weight_variance?: number | null | undefined;
  /** float64. Bias variance σb²; null where there is no network. */
  readonly bias_variance?: number | null | undefined;
  /** float64, layers. Duration D; the geometric mean where durations are grouped. */
  readonly duration: number;
  /** float64. Relative time l/D, from 1/G to 1 in G steps (profilePoints); before the first layer the value there. */
  readonly x: number;
  /** float64. Mean excess s − θ (or signal strength s) at x of avalanches of this duration, each by straight lines between its layers. */
  readonly strength: number;
  /** float64. strength · D^−(γ−1), with γ the collapse exponent. */
  readonly rescaled: number;
  /** int64, count. Avalanches of this duration. */
  readonly count: number;
};

/** How well the rescaled shapes fall on one curve, against the exponent they are rescaled with. */
export type CollapseErrorRow = {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: number;
  /** int32, neurons. Neurons per layer, N; null where there is no network. */
  readonly width?: number | null | undefined;
  /** float64. Weight variance σw²; weights are drawn from N(0, σw²/N); null where there is no network. */
  readonly weight_variance?: number | null | undefined;
  /** float64. Bias variance σb²; null where there is no network. */
  readonly bias_variance?: number | null | undefined;
  /** float64. Trial exponent γ. */
  readonly gamma: number;
  /** float64. Normalised mean squared error of the collapse at this exponent. */
  readonly nmse: number;
};

/** Finite-size corrections of maximal straightness, one row for each width and observable. */
export type CorrectionRow = {
  /** int32, neurons. Neurons per layer, N. */
  readonly width: number;
  /** utf8. size (the excess), signal_size or duration. */
  readonly observable: string;
  /** float64. Correction δ in σw² = critical·(1 + δ) of maximal straightness. */
  readonly delta: number;
  /** float64. Standard error of delta, from halves of the blocks of networks. */
  readonly delta_error?: number | null | undefined;
  /** float64. The same in units of c/N, c the correction that takes the drift from ln s (1 for odd activations): at 1 it has none. */
  readonly scaled: number;
  /** float64. Standard error of scaled. */
  readonly scaled_error?: number | null | undefined;
  /** float64. Straightness at the maximum. */
  readonly r_squared?: number | null | undefined;
  /** bool. Whether the maximum lies inside the scanned range; if not, scan further. */
  readonly inside: boolean;
  /** float64. The correction, in units of c/N, that the avalanches of this width were made with. */
  readonly used?: number | null | undefined;
};

/** Two inputs through the same network: energies and cross-input correlation, layer by layer. */
export type CorrelationRow = {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: number;
  /** int64, index. Network within the ensemble; one pair each. */
  readonly network: number;
  /** int32, layer. Layer l, 1 to depth. */
  readonly layer: number;
  /** float64. Signal energy q_a = mean of h_a² over the layer. */
  readonly energy_a: number;
  /** float64. Signal energy q_b = mean of h_b² over the layer. */
  readonly energy_b: number;
  /** float64. Mean of h_a·h_b over the layer, divided by sqrt(q_a·q_b). */
  readonly correlation: number;
};

/** How the correlation of two inputs of the same network decays with the layer, beside the depth scale ξ_c of the mean-field theory. */
export type CorrelationDepthRow = {
  /** int32, index. Pair of inputs at one point of the phase diagram. */
  readonly ensemble: number;
  /** utf8. Activation φ. */
  readonly activation: string;
  /** int32, neurons. Neurons per layer, N. */
  readonly width: number;
  /** float64. Weight variance σw². */
  readonly weight_variance: number;
  /** float64. Bias variance σb². */
  readonly bias_variance: number;
  /** float64. Correlation c_0 of the two inputs. */
  readonly input_correlation: number;
  /** int64, count. Networks, each with one pair. */
  readonly networks: number;
  /** float64. Mean-field stretch χ₁; 1 on the edge of chaos. */
  readonly chi_1: number;
  /** float64. Mean-field fixed point c*. */
  readonly c_star: number;
  /** float64, layers. Mean-field depth scale ξ_c of the correlation. */
  readonly xi_c: number;
  /** float64, layers. Decay length of |c_l − c*|, c* being followed by a reference pair with the same random numbers. */
  readonly decay_length?: number | null | undefined;
  /** float64, layers. Its error over networks, for the layers of the fit: the larger one of the jackknife's and that of distances that are products of independent factors. Which these are depends on the data, too: near the edge of chaos decay_length moves with them by more, and so does decay_length_recursion. */
  readonly decay_length_error?: number | null | undefined;
  /** float64, layers. What the same fit, over the same layers, makes of the mean-field recursion. */
  readonly decay_length_recursion?: number | null | undefined;
  /** int32, layer. First layer of the fit. */
  readonly first_layer?: number | null | undefined;
  /** int32, layer. Last layer of the fit. */
  readonly last_layer?: number | null | undefined;
};

/** Correlation of two inputs of the same network layer by layer: mean over networks, and the correlation map of the mean-field theory. */
export type CorrelationLayerRow = {
  /** int32, index. Pair of inputs at one point of the phase diagram. */
  readonly ensemble: number;
  /** int32, neurons. Neurons per layer, N. */
  readonly width: number;
  /** float64. Weight variance σw². */
  readonly weight_variance: number;
  /** float64. Bias variance σb². */
  readonly bias_variance: number;
  /** float64. Correlation c_0 of the two inputs. */
  readonly input_correlation: number;
  /** int32, layer. Layer l, 0 (the inputs) to depth. */
  readonly layer: number;
  /** float64. Mean of c_l over networks. */
  readonly correlation?: number | null | undefined;
  /** float64. Its standard error. */
  readonly correlation_error?: number | null | undefined;
  /** float64. c_l of the mean-field correlation map from the same inputs; NaN where a signal has vanished. */
  readonly recursion: number;
};

/** Cutoff exponents of whole distributions by moment scaling: P(x; N) = x^−τ·f(x/N^D) with σ(q) = D·(q + 1 − τ). */
export type CutoffExponentRow = {
  /** utf8. duration; size; or driven_size, the size in units of where sizes begin: √N·s0, the norm of the drive (N·s0 for sizes from zero). */
  readonly observable: string;
  /** float64. D of the cutoff x_c ~ N^D, slope of σ(q). */
  readonly cutoff: number;
  /** float64. Standard error of cutoff: of statistics, and of how moments scatter about their lines in ln N where that is more. */
  readonly cutoff_error?: number | null | undefined;
  /** float64. Exponent τ (sizes) or α (durations) from where σ(q) vanishes; none for size, whose lower cutoff may move with N. */
  readonly exponent?: number | null | undefined;
  /** float64. Standard error of exponent, likewise. */
  readonly exponent_error?: number | null | undefined;
  /** float64. Smallest order q. */
  readonly order_min: number;
  /** float64. Largest order q. */
  readonly order_max: number;
};

/** Data points that perturbations were added to (--around), those that died at once among them: joins the avalanche and signal tables by ensemble and perturbation. */
export type DataPointRow = {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: number;
  /** int64, index. Perturbation within the ensemble, from 0. */
  readonly perturbation: number;
  /** int64, index. Row of the data point in its file, from 0. */
  readonly data_point: number;
};

/** Sums over a partition's avalanches of the energy at fixed frequencies, |Σ_l N·(s_l − θ)·exp(2πi·f·l)|², by octaves of duration. */
export type EnergySpectrumRow = {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: number;
  /** int32, index. Durations from 2^octave to 2^(octave + 1) − 1. */
  readonly octave: number;
  /** float64, 1/layer. Frequency f. */
  readonly frequency: number;
  /** float64, count. Avalanches of the octave. */
  readonly avalanches: number;
  /** float64. Sum of their energies at this frequency. */
  readonly energy: number;
};

/** Ensembles of a run: families of random networks with their drive, and what their perturbations came to. */
export type EnsembleRow = {
  /** int32, index. Number of the ensemble, which no other of the run has; the ensemble column of every table. */
  readonly ensemble: number;
  /** utf8. Null for a plain feed-forward network; else an architecture (resnet-18 …), a network from a file (its name, and where two are called alike as much of the end of its path as tells them apart), or a process with its parameters (abbm, c = 0.3). */
  readonly model?: string | null | undefined;
  /** int32. k of the thresholds θ_l = μ_l + k·sd_l, where layers have thresholds of their own. */
  readonly threshold?: number | null | undefined;
  /** utf8. Null model that the signals are of: gaussian, phase or shuffle of signals, shuffled-weights or gaussian-weights of networks from files; none where they are the networks' own. */
  readonly surrogate?: string | null | undefined;
  /** utf8. Activation function, with its argument where it takes one. */
  readonly activation: string;
  /** int32, neurons. Neurons per layer, N; null where there is no network. */
  readonly width?: number | null | undefined;
  /** int32, layers. Layers, L. */
  readonly depth: number;
  /** float64. Weight variance σw²; weights are drawn from N(0, σw²/N); of a network from a file the mean over its layers of inputs times mean square; null where there is no network. */
  readonly weight_variance?: number | null | undefined;
  /** float64. Bias variance σb²; of a network from a file the mean square; null where there is no network. */
  readonly bias_variance?: number | null | undefined;
  /** float64. Total norm of a perturbation, s0·√N; strengths are compared with the threshold s0 in float32. */
  readonly input_norm: number;
  /** utf8. Engine that propagated the perturbations. */
  readonly engine: string;
  /** int32, perturbations. Perturbations that share one network, R. */
  readonly reuse: number;
  /** int64, count. Perturbations tried. */
  readonly perturbations: number;
  /** int64, count. Avalanches of duration 1 or more that ended before the last layer. */
  readonly valid: number;
  /** int64, count. Perturbations that fell below the threshold at once (duration 0). */
  readonly dead: number;
  /** int64, count. Avalanches that were still above the threshold at the last layer. */
  readonly censored: number;
  /** int64, count. Signal strengths that were not finite. */
  readonly non_finite: number;
};

/** Critical exponents of each ensemble and the crackling relation between them. */
export type ExponentsRow = {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: number;
  /** utf8. Null for a plain feed-forward network; else an architecture (resnet-18 …), or a process with its parameters (abbm, c = 0.3). */
  readonly model?: string | null | undefined;
  /** int32. k of the thresholds θ_l = μ_l + k·sd_l, where layers have thresholds of their own. */
  readonly threshold?: number | null | undefined;
  /** utf8. Null model that the signals are of: gaussian, phase or shuffle; none where they are the networks' own. */
  readonly surrogate?: string | null | undefined;
  /** int32, neurons. Neurons per layer, N; null where there is no network. */
  readonly width?: number | null | undefined;
  /** float64. Weight variance σw²; weights are drawn from N(0, σw²/N); null where there is no network. */
  readonly weight_variance?: number | null | undefined;
  /** float64. Bias variance σb²; null where there is no network. */
  readonly bias_variance?: number | null | undefined;
  /** utf8. Size that the exponents are of: excess, N·Σ (s − θ), or signal, N·Σ s. */
  readonly size: string;
  /** int64, count. Avalanches without a positive, finite size: no logarithm, hence not in the size distribution; their durations are in the other. */
  readonly excluded: number;
  /** float64. Exponent τ of the size distribution, P(S) ~ S^−τ. */
  readonly tau?: number | null | undefined;
  /** float64. Standard error of tau, from halves of the blocks of networks, each with a window of its own; so are all others. */
  readonly tau_error?: number | null | undefined;
  /** float64. Exponent α of the duration distribution, P(D) ~ D^−α. */
  readonly alpha?: number | null | undefined;
  /** float64. Standard error of alpha. */
  readonly alpha_error?: number | null | undefined;
  /** float64. Exponent γ of mean size against duration, ⟨S⟩ ~ D^γ. */
  readonly gamma_scaling?: number | null | undefined;
  /** float64. Standard error of gamma_scaling. */
  readonly gamma_scaling_error?: number | null | undefined;
  /** float64. Exponent γ at which the avalanche shapes collapse best. */
  readonly gamma_collapse?: number | null | undefined;
  /** float64. Standard error of gamma_collapse. */
  readonly gamma_collapse_error?: number | null | undefined;
  /** float64. Error of gamma_collapse from the curvature of NMSE(γ) at its minimum: how sharply the shapes single out a γ; systematic spread of the shapes is in it. */
  readonly gamma_collapse_curvature_error?: number | null | undefined;
  /** float64. NMSE of the collapse at gamma_collapse. */
  readonly gamma_collapse_nmse?: number | null | undefined;
  /** float64. Exponent predicted by the crackling relation, (α−1)/(τ−1). */
  readonly gamma_predicted?: number | null | undefined;
  /** float64. Standard error of gamma_predicted. */
  readonly gamma_predicted_error?: number | null | undefined;
  /** float64. gamma_scaling − gamma_predicted. */
  readonly mismatch?: number | null | undefined;
  /** float64. Standard error of mismatch. */
  readonly mismatch_error?: number | null | undefined;
  /** float64. mismatch in units of its standard error. */
  readonly mismatch_sigmas?: number | null | undefined;
  /** float64. Deviation-from-criticality coefficient |mismatch| (Ma et al., Neuron 104, 655 (2019)); its error is mismatch_error. */
  readonly deviation_from_criticality?: number | null | undefined;
  /** float64. Branching ratio Σ s_(l+1) / Σ s_l over all steps from an active layer to the next, the drive, dead and censored perturbations included: the mean gain weighted by activity. Near 1 at criticality; where ln s has no drift it is 1 + 1/(4N) for a linear activation, and less for one that saturates. */
  readonly branching_ratio?: number | null | undefined;
  /** float64. Standard error of branching_ratio; none where too few large avalanches carry it. */
  readonly branching_ratio_error?: number | null | undefined;
  /** float64. Growth rate of signal strength a layer, the mean of ln (s_(l+1) / s_l) over the steps that branching_ratio is of, but for those to strength 0: the Lyapunov exponent of a linear network, ½(ln σw² + ψ(N/2) − ln(N/2)), about −1/(2N) at σw² = 1. */
  readonly growth_rate?: number | null | undefined;
  /** float64. Standard error of growth_rate. */
  readonly growth_rate_error?: number | null | undefined;
  /** float64. Smallest size in the fit of tau. */
  readonly tau_min?: number | null | undefined;
  /** float64. Upper end of the sizes in the fit of tau, all of which are below it; none where there is no upper cutoff. */
  readonly tau_max?: number | null | undefined;
  /** int64, count. Avalanches in the fit of tau. */
  readonly tau_count?: number | null | undefined;
  /** float64. Kolmogorov–Smirnov distance of the fit of tau, at the edges of bins of a relative width of 2^−9 to 2^−8. */
  readonly tau_ks?: number | null | undefined;
  /** utf8. Alternatives, named as in column model of table fit, that fit the same sizes significantly better than the power law (p < 0.05), separated by a comma and a space; an empty text: none does; null: not fitted, or not compared. */
  readonly tau_better?: string | null | undefined;
  /** utf8. Alternatives that fit the same sizes clearly better (p < 0.001) where the power law is off by more than a trifle (tau_ks > 0.01), separated by commas: relation and classes are not decided then; an empty text: none does; null: not compared. */
  readonly tau_refuted_by?: string | null | undefined;
  /** utf8. What is thin about the footing of tau: few values (fewer than 100), short range (less than a decade); empty: nothing. */
  readonly tau_mark?: string | null | undefined;
  /** float64. Smallest duration in the fit of alpha. */
  readonly alpha_min?: number | null | undefined;
  /** float64. Largest duration in the fit of alpha; none where there is no upper cutoff. */
  readonly alpha_max?: number | null | undefined;
  /** int64, count. Avalanches in the fit of alpha. */
  readonly alpha_count?: number | null | undefined;
  /** float64. Kolmogorov–Smirnov distance of the fit of alpha. */
  readonly alpha_ks?: number | null | undefined;
  /** utf8. Alternatives, named as in column model of table fit, that fit the same durations significantly better than the power law (p < 0.05), separated by a comma and a space; an empty text: none does; null: not fitted, or not compared. */
  readonly alpha_better?: string | null | undefined;
  /** utf8. Alternatives that fit the same durations clearly better (p < 0.001) where the power law is off by more than a trifle (alpha_ks > 0.01), separated by commas: relation and classes are not decided then; an empty text: none does; null: not compared. */
  readonly alpha_refuted_by?: string | null | undefined;
  /** utf8. What is thin about the footing of alpha: few values (fewer than 100), short range (less than a decade); empty: nothing. */
  readonly alpha_mark?: string | null | undefined;
  /** float64. Exponent α with censored durations in the likelihood, P(D ≥ L). */
  readonly alpha_censored?: number | null | undefined;
  /** float64. Standard error of alpha_censored. */
  readonly alpha_censored_error?: number | null | undefined;
  /** float64. Share of the avalanches that are censored: their whole extent was not seen. */
  readonly censored_share?: number | null | undefined;
  /** utf8. Rule that found the cutoffs: scaling, widest, smallest-ks or given. */
  readonly window_rule?: string | null | undefined;
  /** bool. Whether the windows pass the test of goodness of fit: relation and classes are not decided where they don't; null where the rule tests none (scaling, given), or cutoffs of durations are given. */
  readonly window_accepted?: boolean | null | undefined;
};

/** Exponents, branching ratio and growth rate carried to infinite width: weighted lines in 1/N, and fits with a term in 1/√N too. */
export type ExtrapolationRow = {
  /** utf8. What is extrapolated: a column of the exponents table. */
  readonly exponent: string;
  /** utf8. line: intercept + slope/N; root: intercept + root/√N + slope/N, where four widths or more allow it. χ² says which can be right. */
  readonly approach: string;
  /** float64. Value at 1/N → 0. */
  readonly intercept: number;
  /** float64. Standard error of intercept; scaled by √(χ²/ν) where the points scatter about the fit by more than their errors. */
  readonly intercept_error: number;
  /** float64. Standard error of intercept from the errors of the points alone. */
  readonly statistical_error: number;
  /** float64, neurons. Coefficient of 1/N. */
  readonly slope: number;
  /** float64, neurons. Standard error of slope, from the errors of the points alone. */
  readonly slope_error: number;
  /** float64, √neurons. Coefficient of 1/√N; none for a line. */
  readonly root?: number | null | undefined;
  /** float64, √neurons. Standard error of root, from the errors of the points alone. */
  readonly root_error?: number | null | undefined;
  /** float64. Σ (residual/error)². */
  readonly chi_square: number;
  /** int32, count. Widths less coefficients. */
  readonly degrees_of_freedom: number;
};

/** Fitted distributions: one row for each parameter of each model. */
export type FitRow = {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: number;
  /** int32, neurons. Neurons per layer, N. */
  readonly width?: number | null | undefined;
  /** float64. Weight variance σw²; weights are drawn from N(0, σw²/N). */
  readonly weight_variance?: number | null | undefined;
  /** float64. Bias variance σb². */
  readonly bias_variance?: number | null | undefined;
  /** utf8. What was fitted: size (the excess, N·Σ (s − θ)), signal_size (N·Σ s), duration, or the name of a column. */
  readonly observable: string;
  /** utf8. Family of distributions: power_law, exponential, lognormal and others. */
  readonly model: string;
  /** utf8. Parameter of the model. */
  readonly parameter: string;
  /** float64. Maximum-likelihood estimate. */
  readonly estimate?: number | null | undefined;
  /** float64. Standard error of the estimate. */
  readonly standard_error?: number | null | undefined;
  /** float64. Smallest value that was fitted. */
  readonly xmin?: number | null | undefined;
  /** float64. Largest value that was fitted; upper end of values that a histogram holds (sizes of runs), all of which are below it; none where there is no upper cutoff. */
  readonly xmax?: number | null | undefined;
  /** int64, count. Values between xmin and xmax. */
  readonly n_tail?: number | null | undefined;
  /** float64. Kolmogorov–Smirnov distance between data and model; of sizes of runs at the edges of bins of a relative width of 2^−9 to 2^−8. */
  readonly ks?: number | null | undefined;
  /** float64, nat. Log-likelihood of the fitted values. */
  readonly log_likelihood?: number | null | undefined;
  /** float64. Normalised log-likelihood ratio of the power law against this model; positive favours the power law. */
  readonly ratio?: number | null | undefined;
  /** float64. Of a power law: goodness of fit; of another model: significance of the ratio. */
  readonly p_value?: number | null | undefined;
};

/** How signal strength grew over a partition's steps from an active layer to the next one, the drive being active; log_growth / steps is the growth rate. Steps to strength 0 are left out. */
export type GrowthRow = {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: number;
  /** float64, count. Steps from an active layer l, at or above the threshold, to the layer l + 1. */
  readonly steps: number;
  /** float64. Sum of ln (s_(l+1) / s_l) over these steps. */
  readonly log_growth: number;
};

/** Binned distributions of avalanche sizes and durations; every bin holds at least a set number of avalanches (binCount), where there are so many. */
export type HistogramRow = {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: number;
  /** int32, neurons. Neurons per layer, N; null where there is no network. */
  readonly width?: number | null | undefined;
  /** float64. Weight variance σw²; weights are drawn from N(0, σw²/N); null where there is no network. */
  readonly weight_variance?: number | null | undefined;
  /** float64. Bias variance σb²; null where there is no network. */
  readonly bias_variance?: number | null | undefined;
  /** utf8. What is counted: size (the excess, N·Σ (s − θ)), signal_size (N·Σ s) or duration. */
  readonly observable: string;
  /** float64. Lower edge of the bin, included. */
  readonly lower: number;
  /** float64. Upper edge of the bin, excluded. */
  readonly upper: number;
  /** float64. Geometric mean of the edges; of durations that of the shortest and the longest in the bin. */
  readonly center: number;
  /** int64, count. Avalanches in the bin. */
  readonly count: number;
  /** float64. Probability density: count / (width of the bin · number of avalanches). Sizes have no unit, so that it has none; of durations it is per layer (per step of a process). */
  readonly density: number;
};

/** Exponents of processes for which they are known, as measured through the same detector, reducers and fits as everything else. */
export type KnownExponentsRow = {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: number;
  /** utf8. Process, with its parameters where they are not the default ones. */
  readonly process: string;
  /** utf8. tau (sizes), alpha (durations) or gamma (mean size against duration). */
  readonly exponent: string;
  /** float64. The known exponent, at infinite duration and size. */
  readonly known: number;
  /** utf8, text. Where it is known from. */
  readonly source: string;
  /** float64. What the same fit in the same window finds on the exact law of the process; null where that law isn't known. */
  readonly finite_size?: number | null | undefined;
  /** float64. The measured exponent; null where there were too few avalanches. */
  readonly measured?: number | null | undefined;
  /** float64. Its standard error, as in exponents. */
  readonly error?: number | null | undefined;
  /** float64. measured − finite_size (− known where finite_size is null), in standard errors. */
  readonly deviation?: number | null | undefined;
  /** float64. Smallest size (tau) or duration in the fit. */
  readonly window_min?: number | null | undefined;
  /** float64. Upper end of the sizes (tau), which are below it, or largest duration in the fit. */
  readonly window_max?: number | null | undefined;
  /** int64, count. Avalanches in the fit. */
  readonly fitted: number;
  /** utf8. left open (the error is more than --resolution of the exponent), agrees (within 2 standard errors), strained (within 3: one in 22 by chance), wrong (beyond), or not measured. Where sizes are summed from zero, tau and gamma are a negative control: 'fails, as it should' beyond 3 standard errors, else 'agrees, and should not', or 'left open, as the error is too large'. */
  readonly verdict: string;
  /** utf8. Universality class of the process with the size that is measured; null where no listed class has its exponents. */
  readonly class_known?: string | null | undefined;
  /** utf8. Class that the measured exponents come nearest to; null where they can't be compared. */
  readonly class_named?: string | null | undefined;
  /** float64. Probability of a distance from the process's class at least so large as the measured one, systematic error included, if the exponents are those of the class. */
  readonly class_p_value?: number | null | undefined;
  /** bool. Whether that is the class of the process, or tied with it. */
  readonly class_right?: boolean | null | undefined;
};

/** Avalanches of Gaussian perturbations in the hidden-to-hidden layers of networks in training (first-passage rule), runs added up. */
export type LearnedAvalancheRow = {
  /** utf8. map (accuracy over the plane of variances) or scan (epochs to an accuracy along σw²). */
  readonly experiment: string;
  /** int32, index. Cell, as in the learning table. */
  readonly ensemble: number;
  /** int32, neurons. Neurons per hidden layer, N. */
  readonly width: number;
  /** int32, layers. Layers with weights, L; the last one is the output. */
  readonly depth: number;
  /** float64. Initial weight variance σw². */
  readonly weight_variance: number;
  /** float64. Initial bias variance σb². */
  readonly bias_variance: number;
  /** int32, epochs. Epochs trained; 0 is before training. */
  readonly epoch: number;
  /** int32, runs. Networks looked at. */
  readonly runs: number;
  /** int64, count. Perturbations sent through them. */
  readonly perturbations: number;
  /** int64, count. Avalanches of duration 1 or more that ended. */
  readonly valid: number;
  /** int64, count. Perturbations below the threshold at once. */
  readonly dead: number;
  /** int64, count. Avalanches still above the threshold at the last hidden layer. */
  readonly censored: number;
  /** float64, layers. Mean duration of the valid avalanches. */
  readonly mean_duration?: number | null | undefined;
  /** float64. Mean size of the valid avalanches: excess over the threshold, N·Σ (s − s0). */
  readonly mean_size?: number | null | undefined;
  /** float64. Exponent of the durations, bounded power law from 1 to the longest that can end. */
  readonly alpha?: number | null | undefined;
  /** float64. Its standard error from the Fisher information (perturbations taken for independent). */
  readonly alpha_error?: number | null | undefined;
};

/** Mean signal strength of Gaussian perturbations by hidden-to-hidden layer of networks in training. */
export type LearnedSignalRow = {
  /** utf8. map (accuracy over the plane of variances) or scan (epochs to an accuracy along σw²). */
  readonly experiment: string;
  /** int32, index. Cell, as in the learning table. */
  readonly ensemble: number;
  /** int32, neurons. Neurons per hidden layer, N. */
  readonly width: number;
  /** int32, layers. Layers with weights, L; the last one is the output. */
  readonly depth: number;
  /** float64. Initial weight variance σw². */
  readonly weight_variance: number;
  /** float64. Initial bias variance σb². */
  readonly bias_variance: number;
  /** int32, epochs. Epochs trained; 0 is before training. */
  readonly epoch: number;
  /** int32, layer. Hidden-to-hidden layer, from 1. */
  readonly layer: number;
  /** float64. Mean of s over perturbations and runs. */
  readonly strength: number;
  /** float64. The same over the strength that went in. */
  readonly relative: number;
};

/** Training of fully connected networks, one row an epoch and run, as it happens (arXiv:2509.22649). */
export type LearningRow = {
  /** int32, index. Cell: a width, depth and pair of variances. */
  readonly ensemble: number;
  /** int64, index. Run within the cell, from 0: its own weights and batches. */
  readonly run: number;
  /** int32, epochs. Epoch, from 1; 0 is the network before training. */
  readonly epoch: number;
  /** int32, neurons. Neurons per hidden layer, N. */
  readonly width: number;
  /** int32, layers. Layers with weights, L; the last one is the output. */
  readonly depth: number;
  /** float64. Initial weight variance σw²; weights are drawn from N(0, σw²/fan-in). */
  readonly weight_variance: number;
  /** float64. Initial bias variance σb². */
  readonly bias_variance: number;
  /** float64, nats. Mean softmax cross-entropy over the epoch's batches, each before its step; NaN in epoch 0. */
  readonly loss: number;
  /** float64. Share of images whose largest output is their class, over the epoch's batches; NaN in epoch 0. */
  readonly accuracy: number;
};

/** Training accuracy by epoch, over the runs of a cell that trained in it. */
export type LearningCurveRow = {
  /** utf8. map (accuracy over the plane of variances) or scan (epochs to an accuracy along σw²). */
  readonly experiment: string;
  /** int32, index. Cell, as in the learning table. */
  readonly ensemble: number;
  /** int32, neurons. Neurons per hidden layer, N. */
  readonly width: number;
  /** int32, layers. Layers with weights, L; the last one is the output. */
  readonly depth: number;
  /** float64. Initial weight variance σw². */
  readonly weight_variance: number;
  /** float64. Initial bias variance σb². */
  readonly bias_variance: number;
  /** int32, epochs. Epoch, from 1. */
  readonly epoch: number;
  /** int32, runs. Runs that trained in this epoch; fewer once some have reached their target. */
  readonly runs: number;
  /** float64. Mean training accuracy over the epoch's batches. */
  readonly accuracy: number;
  /** float64. Its standard error over runs. */
  readonly accuracy_error?: number | null | undefined;
  /** float64, nats. Mean softmax cross-entropy over the epoch's batches; NaN where training diverged. */
  readonly loss: number;
};

/** Mean-field theory (N → ∞) at points of the phase diagram (arXiv:1611.01232). Divergences are Infinity; NaN where a quantity is not defined. */
export type MeanfieldRow = {
  /** utf8. Activation φ. */
  readonly activation: string;
  /** float64. Weight variance σw². */
  readonly weight_variance: number;
  /** float64. Bias variance σb². */
  readonly bias_variance: number;
  /** float64. Signal energy q*, the stable fixed point of q ← σw² V(q) + σb²; 0 in the absorbing phase, Infinity where the signal diverges. Where there are several, the lowest: the one that small signals go to. */
  readonly q_star: number;
  /** float64. Signal energy beyond which signals don't come back to q*: the unstable fixed point above it; NaN where there is none, and all signals do. */
  readonly q_escape: number;
  /** float64. Signal strength s* = √q*. */
  readonly s_star: number;
  /** float64. Slope of the length map at q*. */
  readonly q_map_slope: number;
  /** float64. Weight susceptibility ∂s*\/∂σw²; the right derivative at a critical point. */
  readonly chi_weight_variance: number;
  /** float64. Weight susceptibility ∂s*\/∂σw = 2σw ∂s*\/∂σw². */
  readonly chi_weight_deviation: number;
  /** float64. Bias susceptibility ∂s*\/∂σb². */
  readonly chi_bias_variance: number;
  /** float64. χ₁ = σw² ∫Dz φ'(√q* z)²: mean squared stretch of a layer; the edge of chaos is χ₁ = 1. */
  readonly chi_1: number;
  /** float64. Stable fixed point c* of the correlation of two inputs; 1 where χ₁ ≤ 1. */
  readonly c_star: number;
  /** float64, layers. Depth scale of the signal energy, −1/ln|slope of the length map|. */
  readonly xi_q: number;
  /** float64, layers. Depth scale of the correlation of two inputs, −1/ln of the slope of the correlation map at c*. */
  readonly xi_c: number;
};

/** Growth of moments with the width, ⟨x^q⟩ ~ N^σ(q), of durations and sizes. */
export type MomentScalingRow = {
  /** utf8. duration; size; or driven_size, the size in units of where sizes begin: √N·s0, the norm of the drive (N·s0 for sizes from zero). */
  readonly observable: string;
  /** float64. Order q of the moment. */
  readonly moment: number;
  /** float64. σ(q), slope of ln⟨x^q⟩ against ln N. */
  readonly sigma: number;
  /** float64. Standard error of sigma, scaled by √(χ²/ν) where that exceeds 1. */
  readonly sigma_error?: number | null | undefined;
  /** float64. χ² of the line in ln N. */
  readonly chi_square?: number | null | undefined;
  /** int32, count. Widths less 2. */
  readonly degrees_of_freedom: number;
};

/** Signal strength of every layer over the calibration inputs of one network. */
export type NetworkCalibrationRow = {
  /** int32, index. Ensemble, row of the ensemble table; of residual networks the first of the model. */
  readonly ensemble: number;
  /** int64, index. Network within the ensemble: floor(perturbation / reuse). */
  readonly network: number;
  /** int32, layer. Layer l, 1 to depth. */
  readonly layer: number;
  /** float64. Mean μ_l of the signal strength. */
  readonly mean: number;
  /** float64. Standard deviation sd_l of the signal strength, unbiased. */
  readonly sd: number;
};

/** Layers of networks whose weights come from files: what their matrices are like, and signal strengths of perturbations that are followed through all of them. */
export type NetworkLayerRow = {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: number;
  /** utf8. Network: its file without folder and ending. */
  readonly model: string;
  /** utf8. Control: shuffled-weights or gaussian-weights; none for the network itself. */
  readonly surrogate?: string | null | undefined;
  /** int32, layer. Layer l, 1 to depth. */
  readonly layer: number;
  /** utf8. Name of its weights in the file. */
  readonly weights: string;
  /** int32, neurons. Inputs of the layer. */
  readonly inputs: number;
  /** int32, neurons. Outputs of the layer, N_l. */
  readonly outputs: number;
  /** float64. Inputs times the mean square of the file's weights, which is σw² of a Gaussian network. */
  readonly weight_variance: number;
  /** float64. Mean square of the file's biases, σb² of a Gaussian network; 0 where there are none. */
  readonly bias_variance: number;
  /** float64. Mean μ_l of the signal strength, over calibration perturbations and networks. */
  readonly mean: number;
  /** float64. Standard deviation sd_l of the signal strength between the perturbations of one network: root mean square over networks. */
  readonly sd: number;
  /** int32, count. Networks: one, or those of a control. */
  readonly networks: number;
};

/** Perturbations to propagate: what enters a partition's stages. */
export type PerturbationRow = {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: number;
  /** int64, index. Network within the ensemble: floor(perturbation / reuse). */
  readonly network: number;
  /** int64, index. Perturbation within the ensemble, from 0. */
  readonly perturbation: number;
  /** float32. Signal strength s0 at layer 0. */
  readonly strength: number;
};

/** Cells of the phase diagram: mean-field theory beside finite networks. Divergences of the theory are Infinity, what is not defined there NaN; what was not measured is null. */
export type PhaseRow = {
  /** int32, index. Cell, one row of constant bias variance after the other. */
  readonly ensemble: number;
  /** utf8. Activation φ. */
  readonly activation: string;
  /** int32, neurons. Neurons per layer, N, of the simulated networks. */
  readonly width: number;
  /** float64. Weight variance σw². */
  readonly weight_variance: number;
  /** float64. Bias variance σb². */
  readonly bias_variance: number;
  /** float64. Mean-field signal strength s*. */
  readonly s_star: number;
  /** float64. Mean-field weight susceptibility ∂s*\/∂σw². */
  readonly chi_weight_variance: number;
  /** float64. Mean-field stretch χ₁; 1 on the edge of chaos. */
  readonly chi_1: number;
  /** float64, layers. Mean-field depth scale of the signal energy. */
  readonly xi_q: number;
  /** float64, layers. Mean-field depth scale of the correlation of two inputs. */
  readonly xi_c: number;
  /** int64, count. Perturbations simulated, each with a network of its own; more near criticality. */
  readonly perturbations: number;
  /** int32, layers. Layers before the steady state is measured. */
  readonly burn_in: number;
  /** int32, layers. Layers of the steady state that were averaged. */
  readonly averaged_layers: number;
  /** float64. Simulated steady-state signal strength ⟨s⟩. */
  readonly strength?: number | null | undefined;
  /** float64. Its standard error, over networks. */
  readonly strength_error?: number | null | undefined;
  /** float64. Simulated weight susceptibility ∂⟨s⟩/∂σw². */
  readonly susceptibility?: number | null | undefined;
  /** float64. Its standard error, over networks. */
  readonly susceptibility_error?: number | null | undefined;
  /** float64. Drive s0 of the avalanches and the threshold that ends them. */
  readonly threshold: number;
  /** int32, layers. Layers that an avalanche may last. */
  readonly depth: number;
  /** int64, count. Avalanches of duration 1 or more that ended before the last layer. */
  readonly valid: number;
  /** int64, count. Perturbations that fell below the threshold at once. */
  readonly dead: number;
  /** int64, count. Avalanches still above the threshold at the last layer. */
  readonly censored: number;
  /** float64. Mean size, the excess N·Σ (s_l − s0), of all avalanches, censored ones up to the last layer: a lower bound where there are any. */
  readonly mean_size?: number | null | undefined;
  /** float64. Its standard error, over networks. */
  readonly mean_size_error?: number | null | undefined;
  /** float64. Susceptibility d⟨S⟩/dσw² of the mean size of all avalanches: central difference over σw²·(1 ± size-step) with common random numbers. Where the mean size bends within that, as at the critical point, it is not the derivative. */
  readonly size_susceptibility?: number | null | undefined;
  /** float64. Its standard error, over networks. */
  readonly size_susceptibility_error?: number | null | undefined;
  /** float64. Mean size (excess) of the avalanches that ended. */
  readonly mean_size_ended?: number | null | undefined;
  /** float64. Its standard error, over networks. */
  readonly mean_size_ended_error?: number | null | undefined;
};

/** Curves of the mean-field phase diagram: where they cross lines of constant bias variance. */
export type PhaseCurveRow = {
  /** utf8. Activation φ. */
  readonly activation: string;
  /** utf8. edge-of-chaos (χ₁ = 1), widom-weight-variance or widom-weight-deviation (maximum of ∂s*\/∂σw² or ∂s*\/∂σw over σw² at fixed σb²). */
  readonly curve: string;
  /** float64. Bias variance σb². */
  readonly bias_variance: number;
  /** float64. Weight variance σw² of the curve there. */
  readonly weight_variance: number;
  /** float64. Signal energy q* there. */
  readonly q_star: number;
  /** float64. Signal strength s* there. */
  readonly s_star: number;
  /** float64. χ₁ = 1 on the edge of chaos, the maximum of the susceptibility on a Widom-like line. */
  readonly value: number;
};

/** Avalanches held against the random-walk theory of signal strengths (arXiv:2512.00168): ln s does a walk that starts at the threshold and ends below it. */
export type RandomWalkRow = {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: number;
  /** utf8. Activation function. */
  readonly activation: string;
  /** int32, neurons. Neurons per layer, N. */
  readonly width: number;
  /** float64. Weight variance σw²; weights are drawn from N(0, σw²/N). */
  readonly weight_variance: number;
  /** float64. Weight variance at which small signals neither grow nor shrink in infinitely wide networks. */
  readonly critical_variance: number;
  /** float64. Finite-size correction c in σw² = critical·(1 + c/N) that makes ln s free of drift at width N. */
  readonly correction: number;
  /** float64. Variance of ln s per layer at small signal. */
  readonly step_variance: number;
  /** float64. Drift of ln s by saturation per unit of signal energy q at small signal; 0 where nothing traps, negative where it pulls down. */
  readonly trap?: number | null | undefined;
  /** float64, layers. Smallest duration of the window 1 ≪ D ≪ N. */
  readonly duration_min: number;
  /** float64, layers. Largest duration of the window. */
  readonly duration_max: number;
  /** float64. Exponent α of the durations in the window. */
  readonly alpha?: number | null | undefined;
  /** float64. Jackknife standard error of alpha. */
  readonly alpha_error?: number | null | undefined;
  /** float64. The exponent that the same fit finds, in the same window, on first-return times of a symmetric walk (Sparre Andersen), which tend to D^(−3/2). */
  readonly alpha_theory: number;
  /** float64. alpha − alpha_theory in standard errors. */
  readonly alpha_deviation?: number | null | undefined;
  /** float64. Exponent γ of mean size against duration in the window; of the excess 3/2 for a random walk at small signal, of the signal near 1. */
  readonly gamma?: number | null | undefined;
  /** float64. Jackknife standard error of gamma. */
  readonly gamma_error?: number | null | undefined;
  /** float64. The same beyond N layers, where the walk has gone far from the threshold. */
  readonly gamma_beyond?: number | null | undefined;
  /** float64. Jackknife standard error of gamma_beyond. */
  readonly gamma_beyond_error?: number | null | undefined;
};

/** Spearman's rank correlation between training accuracy, mean over runs, and what may predict it, over the cells of the map. Errors and intervals: bootstrap over cells, then over the runs of a cell. p-values take cells for exchangeable; neighbours are alike, so they are too small. */
export type RankCorrelationRow = {
  /** float64. The row of the map that was looked at; none: all cells. */
  readonly bias_variance?: number | null | undefined;
  /** utf8. chi_weight_variance (∂s*\/∂σw²), chi_weight_deviation (∂s*\/∂σw), xi_c, xi_q; closeness to the edge of chaos as −|ln χ₁| (edge_chi_1) or −|σw² − that of the edge| (edge_distance); −|σw² − that of the Widom-like line| (widom_distance). */
  readonly predictor: string;
  /** int32, cells. Cells compared. */
  readonly cells: number;
  /** float64. Spearman's ρ; NaN where one side doesn't vary. */
  readonly rho: number;
  /** float64. Standard deviation of ρ over resamples. */
  readonly rho_error: number;
  /** float64. Lower end of the central 95 % of resampled ρ. */
  readonly rho_low: number;
  /** float64. Upper end. */
  readonly rho_high: number;
  /** float64. Two-sided, by permutation. */
  readonly p_value: number;
};

/** Which of two predictors orders the training accuracy of the map's cells better, and by how much: differences of Spearman's ρ on the same cells. Errors and intervals: bootstrap over cells, then over the runs of a cell, the same resamples for both. */
export type RankDifferenceRow = {
  /** utf8. The predictor with the larger ρ, named as in rank_correlation. */
  readonly predictor: string;
  /** utf8. The other one. */
  readonly other: string;
  /** float64. ρ of the predictor less ρ of the other. */
  readonly difference: number;
  /** float64. Standard deviation over resamples. */
  readonly difference_error: number;
  /** float64. Lower end of the central 95 % of the resamples; above 0 where the predictor is better beyond chance. */
  readonly difference_low: number;
  /** float64. Upper end. */
  readonly difference_high: number;
  /** float64. Share of resamples in which the predictor has the larger ρ; equal ones count half. */
  readonly ahead: number;
};

/** Signal strength against layer below, near and above criticality: some single networks, the root mean square over all, the mean-field recursion. */
export type RegimeRow = {
  /** int32, index. One point of the phase diagram. */
  readonly ensemble: number;
  /** utf8. Activation φ. */
  readonly activation: string;
  /** int32, neurons. Neurons per layer, N. */
  readonly width: number;
  /** float64. Weight variance σw². */
  readonly weight_variance: number;
  /** float64. Bias variance σb². */
  readonly bias_variance: number;
  /** utf8. trace, mean (root mean square over networks) or recursion. */
  readonly series: string;
  /** int64, index. Perturbation of a trace, each with a network of its own. */
  readonly perturbation?: number | null | undefined;
  /** int32, layer. Layer l, 0 (the input) to depth. */
  readonly layer: number;
  /** float64. Signal strength s_l; infinite where it overflows, of a mean where one of the networks does. */
  readonly strength: number;
  /** float64. Standard error of the root mean square. */
  readonly strength_error?: number | null | undefined;
};

/** Avalanche size against duration, one row for each duration or group of durations. */
export type ScalingRow = {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: number;
  /** int32, neurons. Neurons per layer, N; null where there is no network. */
  readonly width?: number | null | undefined;
  /** float64. Weight variance σw²; weights are drawn from N(0, σw²/N); null where there is no network. */
  readonly weight_variance?: number | null | undefined;
  /** float64. Bias variance σb²; null where there is no network. */
  readonly bias_variance?: number | null | undefined;
  /** float64, layers. Duration D; the geometric mean where long durations are grouped. */
  readonly duration: number;
  /** int64, count. Avalanches of this duration. */
  readonly count: number;
  /** int64, count. Those without a positive size: in mean_size and var_size, not in mean_log_size and var_log_size. */
  readonly excluded: number;
  /** float64. Mean size ⟨S⟩ at this duration; excess or signal as column size of table exponents says. */
  readonly mean_size: number;
  /** float64. Variance of S at this duration; none for a single avalanche. */
  readonly var_size?: number | null | undefined;
  /** float64. Mean of ln S at this duration; none where no size is positive. */
  readonly mean_log_size?: number | null | undefined;
  /** float64. Variance of ln S at this duration; none for a single avalanche. */
  readonly var_log_size?: number | null | undefined;
};

/** Exponents of a recorded trace against what its avalanches were found with: the threshold, or the width of the time bins. */
export type ScanRow = {
  /** utf8. What was varied: threshold or time-bin. */
  readonly over: string;
  /** float64, of the trace. Its value; of several channels with thresholds of their own, the place in the list. */
  readonly value: number;
  /** utf8, text. As it was asked for: 0.004, quantile:0.5, -3sd. */
  readonly asked: string;
  /** int64, count. Avalanches of known extent. */
  readonly avalanches: number;
  /** int64, count. Avalanches that touch a gap or an end of the trace. */
  readonly censored: number;
  /** float64. Share of rows, or bins, inside avalanches. */
  readonly inside?: number | null | undefined;
  /** float64. Size exponent τ. */
  readonly tau?: number | null | undefined;
  /** float64. Its jackknife error. */
  readonly tau_error?: number | null | undefined;
  /** float64. Duration exponent α. */
  readonly alpha?: number | null | undefined;
  /** float64. Its jackknife error. */
  readonly alpha_error?: number | null | undefined;
  /** float64. γ of mean size against duration. */
  readonly gamma_scaling?: number | null | undefined;
  /** float64. Its jackknife error. */
  readonly gamma_scaling_error?: number | null | undefined;
  /** float64. (α − 1)/(τ − 1). */
  readonly gamma_predicted?: number | null | undefined;
  /** float64. Its jackknife error. */
  readonly gamma_predicted_error?: number | null | undefined;
  /** float64. γ − γ predicted in its standard errors. */
  readonly mismatch_sigmas?: number | null | undefined;
  /** float64. Branching ratio within avalanches. */
  readonly branching_ratio?: number | null | undefined;
  /** utf8, text. Why there are no exponents. */
  readonly note?: string | null | undefined;
};

/** Signal strength of every layer a perturbation was followed through, from layer 1; rows of one perturbation are in layer order. */
export type SignalRow = {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: number;
  /** int64, index. Perturbation within the ensemble, from 0. */
  readonly perturbation: number;
  /** int32, layer. Layer l, 1 to depth. */
  readonly layer: number;
  /** float32. Signal strength s_l = sqrt(mean of squares over the layer). */
  readonly strength: number;
};

/** Avalanches of single networks at a weight variance a little below and a little above that of the cell, with the same random numbers, drive and threshold. */
export type SizeResponseRow = {
  /** int32, index. Ensemble, the cell of the phase diagram. */
  readonly ensemble: number;
  /** int64, index. Perturbation within the ensemble, each with a network of its own. */
  readonly perturbation: number;
  /** int32, count. 1 where there was an avalanche at the smaller weight variance, 0 where the perturbation died at once. */
  readonly alive_low: number;
  /** int32, count. The same at the larger weight variance. */
  readonly alive_high: number;
  /** float64. Size (excess over the threshold) of the avalanche at the smaller weight variance, censored ones up to the last layer; 0 where it died at once. */
  readonly size_low: number;
  /** float64. The same at the larger weight variance. */
  readonly size_high: number;
};

/** Power spectrum of the avalanche signal (excess over the threshold): mean energy of an avalanche by frequency, of all durations and by octaves. */
export type SpectrumRow = {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: number;
  /** int32, neurons. Neurons per layer, N; null where there is no network. */
  readonly width?: number | null | undefined;
  /** float64. Weight variance σw²; weights are drawn from N(0, σw²/N); null where there is no network. */
  readonly weight_variance?: number | null | undefined;
  /** float64. Bias variance σb²; null where there is no network. */
  readonly bias_variance?: number | null | undefined;
  /** int32, index. Durations from 2^octave to 2^(octave + 1) − 1; none: of all durations. */
  readonly octave?: number | null | undefined;
  /** float64, 1/layer. Frequency f. */
  readonly frequency: number;
  /** float64, count. Avalanches. */
  readonly avalanches: number;
  /** float64. Mean of |Σ_l N·(s_l − θ)·exp(2πi·f·l)|² over avalanches. */
  readonly energy: number;
};

/** Exponents of the power spectrum of the avalanche signal, beside γ of mean size against duration. */
export type SpectrumExponentRow = {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: number;
  /** int32, neurons. Neurons per layer, N; null where there is no network. */
  readonly width?: number | null | undefined;
  /** float64. Weight variance σw²; weights are drawn from N(0, σw²/N); null where there is no network. */
  readonly weight_variance?: number | null | undefined;
  /** float64. Bias variance σb²; null where there is no network. */
  readonly bias_variance?: number | null | undefined;
  /** float64. b of the spectrum of all avalanches, f^−b. Equal to γ where fluctuations grow with the signal (Kuntz & Sethna); 2 for a signal with independent increments, whatever γ is. */
  readonly spectral_exponent?: number | null | undefined;
  /** float64. Jackknife standard error of spectral_exponent. */
  readonly spectral_exponent_error?: number | null | undefined;
  /** float64. γ from how energies grow with duration at fixed f·D, D^2γ, over octaves of the window that hold 8 avalanches or more. */
  readonly gamma_spectrum?: number | null | undefined;
  /** float64. Jackknife standard error of gamma_spectrum. */
  readonly gamma_spectrum_error?: number | null | undefined;
  /** float64. As in exponents. */
  readonly gamma_scaling?: number | null | undefined;
  /** float64. As in exponents. */
  readonly gamma_scaling_error?: number | null | undefined;
  /** float64. As in exponents. */
  readonly gamma_collapse?: number | null | undefined;
  /** float64. As in exponents. */
  readonly gamma_collapse_error?: number | null | undefined;
  /** float64, layers. Shortest duration of the window; frequencies end at its inverse. */
  readonly duration_min?: number | null | undefined;
  /** float64, layers. Longest duration of the window; frequencies begin at its inverse. */
  readonly duration_max?: number | null | undefined;
  /** float64, count. Avalanches whose spectrum was taken. */
  readonly avalanches: number;
};

/** How exponents depend on where their fit begins: τ and α against the lower cutoff, at the upper cutoff of the fit, and the local slope γ(D) of mean size against duration. A scaling regime is a plateau. */
export type StabilityRow = {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: number;
  /** int32, neurons. Neurons per layer, N; null where there is no network. */
  readonly width?: number | null | undefined;
  /** float64. Weight variance σw²; weights are drawn from N(0, σw²/N); null where there is no network. */
  readonly weight_variance?: number | null | undefined;
  /** float64. Bias variance σb²; null where there is no network. */
  readonly bias_variance?: number | null | undefined;
  /** utf8. tau, alpha, or gamma_scaling for the local slope. */
  readonly exponent: string;
  /** float64. Lower cutoff of size (tau) or duration (alpha) in the fit, or the duration in the middle of the local slope. */
  readonly cutoff: number;
  /** int64, count. Avalanches fitted. */
  readonly count: number;
  /** float64. The exponent fitted there. */
  readonly estimate: number;
  /** float64. Its delete-one-block jackknife error. */
  readonly standard_error?: number | null | undefined;
};

/** Steady state of single networks: averages over layers past the burn-in, and their response to the weight variance. */
export type SteadyStateRow = {
  /** int32, index. Ensemble, the cell of the phase diagram. */
  readonly ensemble: number;
  /** int64, index. Perturbation within the ensemble, each with a network of its own. */
  readonly perturbation: number;
  /** float64. Signal strength s averaged over the layers of the window. */
  readonly strength: number;
  /** float64. ∂s/∂σw² of this average: central difference of two runs with common random numbers. */
  readonly susceptibility: number;
};

/** Scan of the finite-size correction δ in σw² = critical·(1 + δ), critical = 1 for tanh: how straight the log–log distributions are. */
export type StraightnessRow = {
  /** int32, index. Ensemble of the scan; the ensemble column of recorded tables. */
  readonly ensemble: number;
  /** int32, neurons. Neurons per layer, N. */
  readonly width: number;
  /** float64. Weight variance σw²; weights are drawn from N(0, σw²/N). */
  readonly weight_variance: number;
  /** utf8. size (the excess), signal_size or duration. */
  readonly observable: string;
  /** float64. Finite-size correction δ. */
  readonly delta: number;
  /** float64. R² of the straight line through the adaptively binned log–log distribution. */
  readonly r_squared?: number | null | undefined;
  /** float64. Standard error of r_squared, from halves of the blocks of networks. */
  readonly r_squared_error?: number | null | undefined;
  /** float64. Slope of that line: an exponent by eye, not an estimate. */
  readonly slope?: number | null | undefined;
  /** int32, count. Bins that the line goes through. */
  readonly bins: number;
  /** int64, count. Avalanches of duration 1 or more that ended before the last layer. */
  readonly valid: number;
  /** int64, count. Avalanches that were still above the threshold at the last layer. */
  readonly censored: number;
};

/** Exponents of an ensemble beside those of its null models, which went through the same detector, reducers and fits. */
export type SurrogateRow = {
  /** int32, index. Ensemble that was measured, row of the ensemble table. */
  readonly ensemble: number;
  /** utf8. Null model: gaussian, phase, shuffle, iaaft of a recorded trace, or shuffled-weights, gaussian-weights of a network from a file. */
  readonly surrogate: string;
  /** int32, index. Ensemble of the null model; none for one of a recorded trace. */
  readonly surrogate_ensemble?: number | null | undefined;
  /** utf8. Which exponent, by its column in exponents: tau, alpha, gamma_scaling, gamma_collapse, gamma_predicted. */
  readonly exponent: string;
  /** float64. Exponent of the ensemble. */
  readonly measured?: number | null | undefined;
  /** float64. Standard error of measured. */
  readonly measured_error?: number | null | undefined;
  /** float64. Exponent of the null model. */
  readonly null_model?: number | null | undefined;
  /** float64. Standard error of null_model. */
  readonly null_model_error?: number | null | undefined;
  /** float64. measured − null_model. */
  readonly difference?: number | null | undefined;
  /** float64. Standard error of difference, both taken as independent: too large where they share networks. */
  readonly difference_error?: number | null | undefined;
  /** utf8. survives in its surrogate (apart by 0.1 at most, known to 0.1), differs from its surrogate (apart by more than 0.1 and two errors), can't be told, or missing in one of them. */
  readonly verdict: string;
};

/** What the perturbations of a partition came to, one row an ensemble. */
export type TallyRow = {
  /** int32, index. Ensemble, row of the ensemble table. */
  readonly ensemble: number;
  /** int32, count. Avalanches of duration 1 or more that ended before the last layer. */
  readonly valid: number;
  /** int32, count. Perturbations that fell below the threshold at once (duration 0). */
  readonly dead: number;
  /** int32, count. Avalanches that were still above the threshold at the last layer. */
  readonly censored: number;
  /** int32, count. Signal strengths that were not finite. */
  readonly non_finite: number;
};

/** Cells of both learning experiments: how well networks trained there, beside what mean-field theory says of the point (arXiv:2509.22649). */
export type TrainabilityRow = {
  /** utf8. map (accuracy over the plane of variances) or scan (epochs to an accuracy along σw²). */
  readonly experiment: string;
  /** int32, index. Cell, as in the learning table. */
  readonly ensemble: number;
  /** utf8. Activation φ. */
  readonly activation: string;
  /** int32, neurons. Neurons per hidden layer, N. */
  readonly width: number;
  /** int32, layers. Layers with weights, L; the last one is the output. */
  readonly depth: number;
  /** float64. Initial weight variance σw². */
  readonly weight_variance: number;
  /** float64. Initial bias variance σb². */
  readonly bias_variance: number;
  /** int32, runs. Networks trained. */
  readonly runs: number;
  /** float64. Learning rate of the plain stochastic gradient descent. */
  readonly learning_rate: number;
  /** float64, epochs. Epochs trained, mean over runs. */
  readonly epochs: number;
  /** float64. Training accuracy in the last epoch, mean over runs. */
  readonly accuracy: number;
  /** float64. Its standard error over runs. */
  readonly accuracy_error?: number | null | undefined;
  /** int32, runs. Runs that reached the target accuracy of the scan. */
  readonly reached?: number | null | undefined;
  /** float64, epochs. Epochs to the target accuracy, mean over the runs that reached it. */
  readonly epochs_to_target?: number | null | undefined;
  /** float64. Weight susceptibility ∂s*\/∂σw². */
  readonly chi_weight_variance: number;
  /** float64. Weight susceptibility ∂s*\/∂σw. */
  readonly chi_weight_deviation: number;
  /** float64. χ₁; the edge of chaos is χ₁ = 1. */
  readonly chi_1: number;
  /** float64, layers. Depth scale of the correlation of two inputs. */
  readonly xi_c: number;
  /** float64, layers. Depth scale of the signal energy. */
  readonly xi_q: number;
  /** float64. σw² of the edge of chaos at this σb². */
  readonly edge_of_chaos?: number | null | undefined;
  /** float64. σw² of the maximum of ∂s*\/∂σw² at this σb². */
  readonly widom_line?: number | null | undefined;
};

/** Where networks trained, row by row of the map, beside the theory's curves. */
export type TrainableRegionRow = {
  /** int32, neurons. Neurons per hidden layer, N. */
  readonly width: number;
  /** int32, layers. Layers with weights, L; the last one is the output. */
  readonly depth: number;
  /** float64. Initial bias variance σb². */
  readonly bias_variance: number;
  /** float64. Accuracy from which a cell counts as trainable. */
  readonly threshold: number;
  /** float64. Lower end of the trainable σw², interpolated; none where it lies beyond the grid or nothing trained. */
  readonly weight_low?: number | null | undefined;
  /** float64. Upper end of the trainable σw²; none where it lies beyond the grid or nothing trained. */
  readonly weight_high?: number | null | undefined;
  /** float64. Length of the trainable part of the grid in σw²; 0 where nothing trained. */
  readonly extent: number;
  /** float64. Mean σw², weighted by the accuracy above chance. */
  readonly centre: number;
  /** float64. σw² of the best cell. */
  readonly peak: number;
  /** float64. Its accuracy. */
  readonly peak_accuracy: number;
  /** float64. Its standard error over runs. */
  readonly peak_accuracy_error?: number | null | undefined;
  /** float64. σw² of the edge of chaos. */
  readonly edge_of_chaos?: number | null | undefined;
  /** float64. σw² of the maximum of ∂s*\/∂σw². */
  readonly widom_line?: number | null | undefined;
  /** float64. σw² of the maximum of ∂s*\/∂σw. */
  readonly widom_deviation?: number | null | undefined;
};

/** Distance of measured exponents (τ, α, γ) from every universality class, nearest first within an ensemble, then those that can't be compared because not all three of their exponents are known: to be read as a list, with its ties, not for a winner. */
export type UniversalityRow = {
  /** int32, index. Ensemble, row of the ensemble table; none for exponents extrapolated to infinite width. */
  readonly ensemble?: number | null | undefined;
  /** int32, neurons. Neurons per layer, N; none for exponents extrapolated to infinite width. */
  readonly width?: number | null | undefined;
  /** utf8. Universality class. */
  readonly class: string;
  /** utf8. Systems in the class. */
  readonly names: string;
  /** float64. Exponent τ of the class; none where it is not known. */
  readonly tau?: number | null | undefined;
  /** float64. Exponent α of the class; none where it is not known. */
  readonly alpha?: number | null | undefined;
  /** float64. Exponent γ of the class; none where it is not known. */
  readonly gamma?: number | null | undefined;
  /** utf8. How far these digits can be trusted: exact, published, derived, indicative or unknown. */
  readonly basis: string;
  /** bool, flag. All three exponents of the class are known. */
  readonly comparable: boolean;
  /** float64. Joint distance δᵀC⁻¹δ over the three exponents, C their statistical covariance plus the systematic error of each, squared. */
  readonly chi_square?: number | null | undefined;
  /** float64. Probability of a distance at least so large if the class were the true one. */
  readonly p_value?: number | null | undefined;
  /** float64. Largest |measured − class| of the three exponents. */
  readonly largest_difference?: number | null | undefined;
  /** float64. Systematic error of each exponent that the distance allows for: --systematic, or more where the window begins at so few layers or steps that whole numbers of them move the exponents of a random walk by more; of mean field, those of critical branching. */
  readonly systematic_error: number;
  /** utf8. Comparable classes that differ from this one by at most 0.03 in every exponent, separated by commas. */
  readonly ties: string;
  /** utf8. Where the exponents of the class come from. */
  readonly source: string;
};

/** A row of every table, by its name. */
export interface TableRows {
  readonly asymmetry: AsymmetryRow;
  readonly avalanche: AvalancheRow;
  readonly branching: BranchingRow;
  readonly calibration: CalibrationRow;
  readonly collapse: CollapseRow;
  readonly collapse_error: CollapseErrorRow;
  readonly correction: CorrectionRow;
  readonly correlation: CorrelationRow;
  readonly correlation_depth: CorrelationDepthRow;
  readonly correlation_layer: CorrelationLayerRow;
  readonly cutoff_exponent: CutoffExponentRow;
  readonly data_point: DataPointRow;
  readonly energy_spectrum: EnergySpectrumRow;
  readonly ensemble: EnsembleRow;
  readonly exponents: ExponentsRow;
  readonly extrapolation: ExtrapolationRow;
  readonly fit: FitRow;
  readonly growth: GrowthRow;
  readonly histogram: HistogramRow;
  readonly known_exponents: KnownExponentsRow;
  readonly learned_avalanche: LearnedAvalancheRow;
  readonly learned_signal: LearnedSignalRow;
  readonly learning: LearningRow;
  readonly learning_curve: LearningCurveRow;
  readonly meanfield: MeanfieldRow;
  readonly moment_scaling: MomentScalingRow;
  readonly network_calibration: NetworkCalibrationRow;
  readonly network_layer: NetworkLayerRow;
  readonly perturbation: PerturbationRow;
  readonly phase: PhaseRow;
  readonly phase_curve: PhaseCurveRow;
  readonly random_walk: RandomWalkRow;
  readonly rank_correlation: RankCorrelationRow;
  readonly rank_difference: RankDifferenceRow;
  readonly regime: RegimeRow;
  readonly scaling: ScalingRow;
  readonly scan: ScanRow;
  readonly signal: SignalRow;
  readonly size_response: SizeResponseRow;
  readonly spectrum: SpectrumRow;
  readonly spectrum_exponent: SpectrumExponentRow;
  readonly stability: StabilityRow;
  readonly steady_state: SteadyStateRow;
  readonly straightness: StraightnessRow;
  readonly surrogate: SurrogateRow;
  readonly tally: TallyRow;
  readonly trainability: TrainabilityRow;
  readonly trainable_region: TrainableRegionRow;
  readonly universality: UniversalityRow;
}

/** Name of a table of `schemas/`. */
export type TableName = keyof TableRows;
