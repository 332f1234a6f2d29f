avalanches <- read.csv("avalanche.csv")
ensembles <- read.csv("ensemble.csv")[c("ensemble", "width")]
ended <- merge(subset(avalanches, censored == "false"), ensembles)
found <- aggregate(size ~ duration + width, ended, function(s) c(count = length(s), mean = mean(s)))
print(do.call(data.frame, found), row.names = FALSE)
