// MD5 and SHA-256 of a byte string (RFC 1321, FIPS 180-4). MD5 only seeds generators, nothing secret.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace ponnuki {

std::array<uint8_t, 16> md5(std::string_view bytes);
std::array<uint8_t, 32> sha256(std::string_view bytes);
std::string sha256Hex(std::string_view bytes);  // lower case

}  // namespace ponnuki
