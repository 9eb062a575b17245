"""One job, whatever engine it is given: python spark_job.py ENGINE FOLDER OUT [PARTITIONS].

ENGINE is a master (``local[2]``, ``spark://host:7077``) or a server (``sc://host:50051``). The
themes and the passages with their themes go to the file OUT, the index into OUT.index; what is
done is said at once.
"""

import json
import os
import sys
import time

from leitmotif.spark import Settings, fit, ingest
from pyspark.sql import SparkSession


def main(engine: str, folder: str, out: str, partitions: str = "4") -> None:
    start = time.monotonic()

    def say(what: str) -> None:
        print(f"{what} {time.monotonic() - start:.1f}", flush=True)

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("leitmotif")
    if engine.startswith("sc:"):
        spark = builder.remote(engine).getOrCreate()
    else:
        builder = builder.master(engine).config("spark.ui.enabled", "false")
        spark = builder.config("spark.driver.host", "127.0.0.1").getOrCreate()
    say("started")
    settings = Settings.of(folder)
    read = ingest(spark, folder, settings, partitions=int(partitions))
    read.write.mode("overwrite").parquet(f"{out}.transcripts")
    transcripts = spark.read.parquet(f"{out}.transcripts")
    say("read")
    model = fit(transcripts, settings, work=f"{out}.work")
    say("fitted")
    assigned = model.assign(transcripts)
    columns = ["transcript", "place", "theme", "evidence", "case"]
    told = assigned.select(*columns).toArrow().to_pylist()
    passages = sorted(([row[it] for it in columns] for row in told), key=lambda row: row[:2])
    say("assigned")
    model.search_index(transcripts, f"{out}.index")
    say("indexed")
    with open(out, "w", encoding="utf-8") as file:
        json.dump({"themes": model.themes, "passages": passages}, file)
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
