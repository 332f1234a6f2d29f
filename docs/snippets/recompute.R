packaged <- requireNamespace("nanoparquet", quietly = TRUE)
table_of <- function(name, files) {
  if (!packaged) return(read.csv(paste0(name, ".csv")))
  do.call(rbind, lapply(files, nanoparquet::read_parquet))
}
avalanches <- table_of("avalanche", list.files("avalanche", full.names = TRUE))
exponents <- table_of("exponents", "exponents.parquet")
ended <- avalanches[!as.logical(avalanches$censored), ]

root <- function(f) uniroot(f, c(0, 10), tol = 1e-14)$root

for (i in seq_len(nrow(exponents))) {
  said <- exponents[i, ]
  own <- ended[ended$ensemble == said$ensemble, ]
  sizes <- own$size[own$size >= said$tau_min & own$size < said$tau_max]
  inside <- own[own$duration >= said$alpha_min & own$duration <= said$alpha_max, ]

  a <- log(said$tau_min)
  b <- log(said$tau_max)
  tau <- root(function(t) {
    k <- 1 - t
    law <- if (abs(k) < 1e-6) (a + b) / 2 else a - (b - a) / expm1(-k * (b - a)) - 1 / k
    law - mean(log(sizes))
  })
  logs <- log(seq(said$alpha_min, said$alpha_max))
  alpha <- root(function(t) weighted.mean(logs, exp(-t * (logs - logs[1]))) - mean(log(inside$duration)))
  centred <- log(inside$duration) - mean(log(inside$duration))
  gamma <- root(function(g) mean(inside$size * exp(-g * centred) * centred))

  found <- c(tau = tau, alpha = alpha, gamma_scaling = gamma, gamma_predicted = (alpha - 1) / (tau - 1))
  print(data.frame(ensemble = said$ensemble, found, said = unlist(said[names(found)])), digits = 12)
}
