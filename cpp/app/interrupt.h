// SIGINT and SIGTERM of a command that wants to end in order: watchForInterrupt() once, then ask. Any thread.
#pragma once

namespace ponnuki {

void watchForInterrupt();
bool interrupted();

}  // namespace ponnuki
