library(nanoparquet)

avalanches <- do.call(rbind, lapply(list.files("avalanche", full.names = TRUE), read_parquet))
ensembles <- read_parquet("ensemble.parquet")[c("ensemble", "width")]
ended <- merge(subset(avalanches, !censored), ensembles)
found <- aggregate(size ~ duration + width, ended, function(s) c(count = length(s), mean = mean(s)))
print(do.call(data.frame, found), row.names = FALSE)
