#include "eval/batcher.h"

#include <algorithm>

#include "base/error.h"

namespace ponnuki {
namespace {

void setStage(EvalRow& row, EvalRow::Stage stage, size_t seat, std::exception_ptr error) {
  // Notified under the lock: as soon as it is released the owner may reuse or free the row.
  const std::lock_guard lock(row.mutex);
  row.stage = stage;
  row.seat = seat;
  row.error = std::move(error);
  row.changed.notify_one();
}

}  // namespace

Batcher::Batcher(std::vector<std::unique_ptr<RowRunner>> runners, int maxBatch, const std::string& randSeed,
                 SeatPolicy policy, int expectedActive)
    : maxBatch_(static_cast<size_t>(maxBatch)), policy_(policy), active_(expectedActive) {
  ENSURE(!runners.empty() && maxBatch >= 1);
  for (size_t k = 0; k < runners.size(); k++)
    seats_.push_back({std::move(runners[k]), Rng(randSeed + ":NNEvalServerThread:" + std::to_string(k))});
}

void Batcher::run(EvalRow& row) {
  row.error = nullptr;
  row.stage = EvalRow::Stage::Waiting;
  inProgress_.fetch_add(1, std::memory_order_acq_rel);
  bool leads = false;
  const size_t seat = waitOrLead(row, leads);
  if (leads) lead(seat, row);
  inProgress_.fetch_sub(1, std::memory_order_acq_rel);
  if (row.error) std::rethrow_exception(row.error);
}

// Whether a seat that is free, or about to be, should run the `rows` that wait. mutex_ is held.
bool Batcher::isWorthASeat(size_t rows) const {
  return policy_ == SeatPolicy::AtOnce || taken_ == 0 || rows >= std::min(share_, maxBatch_);
}

// A free seat, or the one that is handed over; leads = false: another thread has run the row.
size_t Batcher::waitOrLead(EvalRow& row, bool& leads) {
  leads = true;
  {
    const std::lock_guard lock(mutex_);
    for (size_t k = 0; k < seats_.size() && isWorthASeat(queue_.size() + 1); k++) {
      if (seats_[k].taken) continue;
      seats_[k].taken = true;
      taken_++;
      return k;
    }
    queue_.push_back(&row);
  }
  std::unique_lock lock(row.mutex);
  row.changed.wait(lock, [&] { return row.stage != EvalRow::Stage::Waiting; });
  leads = row.stage == EvalRow::Stage::Leading;
  return row.seat;
}

std::vector<EvalRow*> Batcher::gather(EvalRow& own, int& active) {
  std::vector<EvalRow*> batch = {&own};
  const std::lock_guard lock(mutex_);
  active = active_.update(inProgress_.load(std::memory_order_relaxed));
  share_ = (static_cast<size_t>(active) + seats_.size() - 1) / seats_.size();
  while (!queue_.empty() && batch.size() < maxBatch_) {
    batch.push_back(queue_.front());
    queue_.pop_front();
  }
  return batch;
}

void Batcher::lead(size_t seat, EvalRow& own) {
  int active = 1;
  const std::vector<EvalRow*> batch = gather(own, active);
  std::exception_ptr error;
  try {
    seats_[seat].runner->run(batch, active, seats_[seat].rng);
  } catch (...) {
    error = std::current_exception();
  }
  rows_.fetch_add(batch.size(), std::memory_order_relaxed);
  batches_.fetch_add(1, std::memory_order_relaxed);
  passOn(seat);
  own.error = error;
  for (size_t i = 1; i < batch.size(); i++) setStage(*batch[i], EvalRow::Stage::Done, 0, error);
}

// To the first thread in the queue, so that the device rests as little as possible.
void Batcher::passOn(size_t seat) {
  EvalRow* next = nullptr;
  {
    const std::lock_guard lock(mutex_);
    finishedBatches_++;
    taken_--;
    if (queue_.empty() || !isWorthASeat(queue_.size())) {
      seats_[seat].taken = false;
    } else {
      taken_++;
      next = queue_.front();
      queue_.pop_front();
    }
  }
  batchDone_.notify_all();
  if (next) setStage(*next, EvalRow::Stage::Leading, seat, nullptr);
}

void Batcher::waitForAnyBatch() {
  std::unique_lock lock(mutex_);
  const uint64_t before = finishedBatches_;
  const auto anyTaken = [&] {
    for (const Seat& seat : seats_)
      if (seat.taken) return true;
    return false;
  };
  batchDone_.wait(lock, [&] { return finishedBatches_ != before || !anyTaken(); });
}

}  // namespace ponnuki
