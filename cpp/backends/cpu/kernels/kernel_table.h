// What one ISA variant of the CPU kernels offers, and the argument structs (plain data, no inline functions).
//
// Layout of activations ("blocked"): [channel block][batch row * points][16]; a Vector has one point.
// Channels are padded to a multiple of 16 with zeros. Strides are in floats. All pointers are 64-byte aligned
// at block starts. Packed matrices: [output block][k][16]. The layouts are the same for every ISA. Kernels
// are stateless and thread-safe; the work [begin, end) of one call is the caller's share.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace ponnuki::nn {

constexpr int kBlock = 16;             // channels in a block
constexpr int kWinogradTile = 7;       // input tile edge: 5 outputs of a 3x3 conv, or 3 of a 5x5 conv
constexpr int kWinogradMaxBoard = 40;  // longest board edge of the Winograd kernels
constexpr int kWinogradPoints = kWinogradTile * kWinogradTile;

// How one block of 16 output channels is finished; pointers address that block.
//   v = (sum + bias + residual + broadcast[row]) * gate;
//   out = mask * act(v);  out2 = mask2 * act2(v * scale2 + bias2)
// Everything may be null except that out or out2 must not be. out may be the residual itself.
struct BlockEpilogue {
  const float* bias;
  const float* residual;
  const float* broadcast;  // [batch row][16]
  const float* gate;       // the same block of an output that is computed before
  const float* mask;       // [batch row * points]
  float* out;
  float* out2;
  const float* scale2;
  const float* bias2;
  const float* mask2;
  int act, act2;
};

struct GemmArgs {  // c[row][n] = sum_k a[row][k] * b[k][n]
  const float* a;  // blocked
  size_t aStride;  // between channel blocks of a
  const float* b;  // packed
  size_t bStride;  // between output blocks of b
  float* c;        // blocked; unused with an epilogue
  size_t cStride;
  int k, blocks;                   // depth; number of output blocks
  const BlockEpilogue* epilogues;  // one for each block, or null: plain store to c
  size_t firstPoint;               // of row 0 in the tensors of the epilogues
  int pointsPerRow;                // for BlockEpilogue::broadcast
};

struct WinogradArgs {
  int boardX, boardY;
  int outTile;  // 5 for 3x3, 3 for 5x5
  int tilesX, tilesY;
  int rows;  // boards of this call
  int inBlocks, outBlocks, k;
  const float* in;  // blocked, first board of this call
  size_t inStride;
  size_t tileStride;               // between channel blocks of v and m: rows*tiles*16 and padding
  float* v;                        // [49][inBlocks][tileStride], shared
  const float* u;                  // packed weights [outBlocks][49][k][16]
  float* m;                        // [49][groupBlocks][tileStride], each caller's own
  int groupBlocks;                 // output blocks multiplied and transformed together, 1 to maxGroupBlocks
  const BlockEpilogue* epilogues;  // one for each output block
  int firstRow;                    // board index of the first board in the epilogue's tensors
};

constexpr int kInt16Tile = 6, kInt16OutTile = 4;  // F(4x4, 3x3), see winograd_int16.inc
constexpr int kInt16Points = kInt16Tile * kInt16Tile;

struct WinogradInt16Args {
  int boardX, boardY, tilesX, tilesY;
  int rows;  // boards of this chunk
  int inBlocks, outBlocks;
  int pairs;        // pairs of input channels
  const float* in;  // blocked, first board of the chunk
  size_t inStride;
  float* transformed;  // [36][inBlocks][boardStride], one board, shared
  size_t boardStride;
  float* peaks;                    // [rows][inBlocks][36][16], shared
  float* scales;                   // [rows][36], shared: what an integer of v stands for
  int16_t* v;                      // [36][inBlocks][tileStride], shared
  size_t tileStride;               // between channel blocks of v and m: rows*tiles*16 and padding
  float norm;                      // bound of the norm of a quantised tile
  const int16_t* u;                // [outBlocks][36][pairs][16][2]
  const float* uScale;             // [outBlocks][36][16]
  int32_t* m;                      // [36][groupBlocks][tileStride], each caller's own
  int groupBlocks;                 // as in WinogradArgs
  const BlockEpilogue* epilogues;  // one for each output block
  int firstRow;                    // board index of the first board in the epilogue's tensors
};

// Kernels with KernelTable::halfPairs take the int16 form divided by this and rounded to half precision.
constexpr float kHalfPairsScale = 512;

constexpr int kPanelRows = 48;  // rows converted together by the 16-bit matrix products

struct GemmInt16Args {
  const float* a;  // blocked
  size_t aStride;
  const int16_t* b;     // [output block][pairs][16][2]
  const float* bScale;  // [output block][16]
  int pairs, blocks;
  float norm;      // of a quantised row
  int16_t* panel;  // [depth blocks][kPanelRows][16], each caller's own
  const BlockEpilogue* epilogues;
  int pointsPerRow;
};

struct GemmBf16Args {
  const float* a;  // blocked
  size_t aStride;
  const uint16_t* b;  // bfloat16 [output block][pairs][16][2]
  int pairs, blocks;
  uint16_t* panel;  // [depth blocks][kPanelRows][16], each caller's own
  const BlockEpilogue* epilogues;
  int pointsPerRow;
};

// Weights of 8-bit products (graph/quantization.h); channels of the input are padded to whole blocks.
struct Int8Columns {
  const int8_t* b;            // [output block][tap][channel block][4][16][4]
  const int32_t* columnSums;  // [output block][16], of b
  const float* scale;         // [output block][16]: what an integer of the sums stands for, times that of the point
  float inputInverse;         // 1 / inputScale; 0: every point has its own scale (matrices only)
  int inputZero;
};
constexpr int kInt8BlockWords = 8;  // most 32-bit words of a quantised channel block of one point
constexpr int kInt8MaxTaps = 25;

struct GemmInt8Args {
  const float* a;  // blocked
  size_t aStride;
  Int8Columns w;
  int inBlocks, blocks;
  int32_t* panel;  // [channel blocks][kPanelRows][kInt8BlockWords], each caller's own
  const BlockEpilogue* epilogues;
  int pointsPerRow;
};

struct ConvInt8Args {
  int boardX, boardY, ky, kx, dilY, dilX;
  int rows;  // boards of this chunk
  int inBlocks, outBlocks;
  const float* in;  // blocked, first board of the chunk
  size_t inStride;
  Int8Columns w;
  int32_t* padded;  // [board][channel block][board with its border][kInt8BlockWords], shared
  const BlockEpilogue* epilogues;
  int firstRow;  // board index of the first board in the epilogue's tensors
};

// out = mask * act(in * scale + bias + broadcast[row], then + other or * other); blocked tensors.
struct ElementwiseArgs {
  const float* in;
  const float* other;
  const float* scale;      // [blocks*16] or null
  const float* bias;       // [blocks*16] or null
  const float* broadcast;  // [block][batch row][16] or null
  const float* mask;       // [batch row * points] or null
  float* out;
  bool multiply;  // other is a factor, not a term
  int act;
  int rows, pointsPerRow;
};

struct PoolArgs {
  const float* in;
  float* out;         // [3*C padded / 16][rows][16], channels 3C dense
  const float* mask;  // [rows * points], or null: all on board
  int channels, rows, points;
  bool moments;
};

struct RmsNormArgs {
  const float* in;
  float* out;
  const float* scale;
  const float* bias;   // or null
  const float* mask;   // zero the output off the board; or null
  const float* board;  // [rows * points] on-board mask for the spatial mean, or null: all on board
  float epsilon;
  bool spatial;
  int act, channels, rows, points;
};

struct AttentionArgs {
  const float *q, *k, *v;
  float* out;
  const float* mask;     // [rows * points] keys allowed, or null: all
  const float* ropeCos;  // [kvHeads][headBlocks][points][16]: cos twice per pair; null: no rotation
  const float* ropeSin;  // same: -sin, +sin
  float* scratch;        // attentionScratch() floats for each caller
  int heads, kvHeads, qDim, vDim;
  int rows, points;
  bool int16;  // products in 16-bit integers
};

struct KernelTable {
  const char* isa;
  int rowTile;         // rows of one register tile: split GEMM work at multiples of it
  int maxGroupBlocks;  // output blocks of one register tile
  // Rows [begin, end) of the product.
  void (*gemm)(const GemmArgs&, int begin, int end);
  // Units: inBlocks * rows; then, when all of v is there, groups of output blocks.
  void (*winogradInput)(const WinogradArgs&, int begin, int end);
  void (*winogradOutput)(const WinogradArgs&, int begin, int end);
  // Channel blocks [begin, end).
  void (*elementwise)(const ElementwiseArgs&, int begin, int end);
  // Units: channel blocks * rows.
  void (*pool)(const PoolArgs&, int begin, int end);
  // Batch rows * points, or batch rows when spatial.
  void (*rmsNorm)(const RmsNormArgs&, int begin, int end);
  // Units: rows * kvHeads * attentionSplit(points).
  void (*attention)(const AttentionArgs&, int begin, int end);
  size_t (*attentionScratch)(const AttentionArgs&);

  // 16-bit arithmetic. Channel blocks of one board; the same when all blocks are transformed; then groups of
  // output blocks when all boards are quantised.
  bool fastInt16;           // faster than the float32 kernels
  bool fastInt16WithPairs;  // that too where cpuHasFastPairs()
  bool halfPairs;           // winogradInt16* and gemmInt16 multiply half-precision numbers, not integers
  void (*winogradInt16Input)(const WinogradInt16Args&, int row, int begin, int end);
  void (*winogradInt16Quantize)(const WinogradInt16Args&, int row, int begin, int end);
  void (*winogradInt16Output)(const WinogradInt16Args&, int begin, int end);
  // Rows [begin, end) of the products; gemmBf16 is null where the CPU has no such instruction.
  void (*gemmInt16)(const GemmInt16Args&, int begin, int end);
  void (*gemmBf16)(const GemmBf16Args&, int begin, int end);

  // 8-bit arithmetic: rows [begin, end) of the product; boards * channel blocks; then boards * lines.
  bool fastInt8Conv;  // faster than the Winograd kernels of this ISA
  void (*gemmInt8)(const GemmInt8Args&, int begin, int end);
  void (*convInt8Input)(const ConvInt8Args&, int begin, int end);
  void (*convInt8Output)(const ConvInt8Args&, int begin, int end);
  double (*int8Peak)(int rounds);  // operations done by that many rounds of the bare instructions
};

constexpr int kAttentionSplit = 2;  // query halves: more units than kv heads, so that threads find equal work

}  // namespace ponnuki::nn
