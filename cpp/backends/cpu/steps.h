// The kinds of steps: each binds one kernel to places and packed weights. Built by lowering.cpp.
#pragma once

#include <optional>

#include "backends/cpu/aligned.h"
#include "backends/cpu/step.h"
#include "graph/op.h"

namespace ponnuki::nn {

// Moves plain NHWC rows of the caller into blocked tensors, and the mask out of them.
class LoadStep final : public Step {
 public:
  LoadStep(Place spatial, Place global, std::optional<Place> meta)
      : spatial_(spatial), global_(global), meta_(meta) {}
  void run(const Worker& w) const override;

 private:
  Place spatial_, global_;
  std::optional<Place> meta_;
};
class StoreStep final : public Step {
 public:
  StoreStep(Place policy, Place pass, Place value, Place score, Place ownership)
      : policy_(policy), pass_(pass), value_(value), score_(score), ownership_(ownership) {}
  void run(const Worker& w) const override;

 private:
  Place policy_, pass_, value_, score_, ownership_;
};

// One Conv2d or MatMul of a product step: its blocks of output channels and what happens to them.
struct ProductOutput {
  Place out;
  bool storeOut = true;  // false: only the scaled copy is needed
  AlignedFloats bias;    // padded; empty = none
  std::optional<Place> residual, broadcast;
  std::optional<Place> gate;  // of an earlier output, which the sum is multiplied with; then no activation, no mask
  Activation activation = Activation::Identity;
  bool masked = false;
  // A ScaleBias of the result, computed on the way.
  std::optional<Place> scaled;
  AlignedFloats scale2, bias2;
  Activation activation2 = Activation::Identity;
  bool masked2 = false;
};

// Layers with the same input and geometry, computed as one matrix product with the outputs side by side.
class ProductStep : public Step {
 public:
  ProductStep(Place in, int inC, std::vector<ProductOutput> outputs, AlignedFloats weights);
  size_t weightFloats() const override { return weights_.size(); }
  size_t ownFloats(int maxRows) const override;

 protected:
  const BlockEpilogue* epilogues(const Worker& w) const;  // one for each block, in the worker's scratch
  float* scratchAfterEpilogues(const Worker& w) const;

  Place in_;
  int inC_;
  int blocks_ = 0;
  std::vector<ProductOutput> outputs_;
  AlignedFloats weights_;
};
class MatMulStep final : public ProductStep {
 public:
  using ProductStep::ProductStep;
  void run(const Worker& w) const override;
};
struct ConvGeometry {
  int boardX, boardY, ky, kx, dilY, dilX;
};
class WinogradStep final : public ProductStep {  // 3x3 and 5x5
 public:
  WinogradStep(Place in, int inC, std::vector<ProductOutput> outputs, AlignedFloats weights,
               ConvGeometry geometry)
      : ProductStep(in, inC, std::move(outputs), std::move(weights)), geometry_(geometry) {}
  void run(const Worker& w) const override;
  size_t sharedFloats(int maxRows) const override;
  size_t ownFloats(int maxRows) const override;

 private:
  static constexpr int kMaxGroup = 3;
  int groupBlocks(const Worker& w) const;
  int outTile() const { return kWinogradTile + 1 - geometry_.kx; }
  int tilesX() const { return (geometry_.boardX + outTile() - 1) / outTile(); }
  int tilesY() const { return (geometry_.boardY + outTile() - 1) / outTile(); }
  size_t tileStride(int rows) const;
  int chunkRows(int rows) const;

  ConvGeometry geometry_;
};
class PatchStep final : public ProductStep {  // any other geometry: gathers patches, then multiplies
 public:
  PatchStep(Place in, int inC, std::vector<ProductOutput> outputs, AlignedFloats weights,
            ConvGeometry geometry)
      : ProductStep(in, inC, std::move(outputs), std::move(weights)), geometry_(geometry) {}
  void run(const Worker& w) const override;
  size_t ownFloats(int maxRows) const override;

 private:
  static constexpr int kRun = 48;  // points multiplied at once
  void gather(const Worker& w, int first, int count, float* patches) const;

  ConvGeometry geometry_;
};

struct ElementwiseStep final : public Step {
  Place in, out;
  std::optional<Place> other, broadcast;
  AlignedFloats scale, bias;
  bool multiply = false, masked = false;
  Activation activation = Activation::Identity;
  void run(const Worker& w) const override;
};
struct PoolStep final : public Step {
  Place in, out;
  bool moments = false, fullBoard = false;
  void run(const Worker& w) const override;
};
struct RmsNormStep final : public Step {
  Place in, out;
  AlignedFloats scale, bias;
  float epsilon = 0;
  bool spatial = false, masked = false, fullBoard = false;
  Activation activation = Activation::Identity;
  void run(const Worker& w) const override;
};
struct AttentionStep final : public Step {
  Place q, k, v, out;
  int heads = 1, kvHeads = 1, qDim = 0, vDim = 0;
  bool fullBoard = false, int16 = false;
  AlignedFloats cosines, sines;
  const KernelTable* kernels = nullptr;
  void run(const Worker& w) const override;
  size_t ownFloats(int maxRows) const override;
  size_t weightFloats() const override { return cosines.size() + sines.size(); }
  void makeRope(const Weights& frequencies, int boardX, int boardY);

 private:
  AttentionArgs args() const;
};

}  // namespace ponnuki::nn
