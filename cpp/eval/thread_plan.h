// How the evaluations of one net share the CPU: seats (evaluations in progress at once), threads and rows of
// each. Pure functions; thread-safe.
//
// Separate evaluations use cores better than one evaluation on several, and a batch is only worth waiting for
// when there are more search threads than seats. So: as many seats as there are search threads, up to the
// cores; what is left of the cores goes into the single evaluations. With more search threads than seats the
// rest of them queue, and each seat takes an equal share of them (SeatPolicy::ByShare).
#pragma once

namespace ponnuki {

struct ThreadRequest {
  int cores = 1;       // CPU threads all evaluations together may use
  int concurrent = 1;  // search threads that may ask at once
  // What the user asks for; 0 = choose.
  int seats = 0;     // numNNServerThreadsPerModel
  int maxBatch = 0;  // nnMaxBatchSize: at most so many
};

struct ThreadPlan {
  int seats = 1;
  int maxBatch = 1;
  int threads = 1;  // of all evaluations together

  // For one evaluation while `active` of the search threads are evaluating or waiting for it.
  int threadsPerRun(int active) const;
};

ThreadPlan planThreads(const ThreadRequest& request);

}  // namespace ponnuki
