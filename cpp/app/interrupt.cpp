#include "app/interrupt.h"

#include <atomic>
#include <csignal>

namespace ponnuki {
namespace {

std::atomic<bool> received{false};

void receive(int) {
  received = true;
}

}  // namespace

void watchForInterrupt() {
  std::signal(SIGINT, receive);
  std::signal(SIGTERM, receive);
}

bool interrupted() {
  return received;
}

}  // namespace ponnuki
