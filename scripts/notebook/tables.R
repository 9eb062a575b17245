#!/usr/bin/env Rscript
# Counts who says what, from the tables of a study, in R.
#
#   leitmotif --study interviews export tables tables
#   leitmotif --study interviews themes --format json > themes.json
#   Rscript scripts/notebook/tables.R tables themes.json
#
# Of each theme, how many participants say it; compared with what `leitmotif themes` says.
# With `--format parquet`, arrow::read_parquet() reads the same tables.
library(jsonlite)

arguments <- commandArgs(trailingOnly = TRUE)
evidence <- read.csv(file.path(arguments[1], "evidence.csv"), colClasses = c(candidate = "character"))
themes <- fromJSON(arguments[2], simplifyDataFrame = FALSE)$themes

said <- unique(subset(evidence, kind == "evidence")[c("candidate", "case")])
counted <- table(said$candidate)
for (theme in themes) {
  n <- counted[[as.character(theme$id)]]
  if (n != theme$n_cases) stop(sprintf("theme %d: %d people here, %d there", theme$id, n, theme$n_cases))
  cat(sprintf("%-44s %d of %d\n", substr(theme$label, 1, 44), n, theme$of_cases))
}
cat("R and leitmotif agree\n")
