// Products in 16-bit arithmetic: the steps of steps.h with other kernels and weights of half the size.
#pragma once

#include "backends/cpu/pack_half.h"
#include "backends/cpu/steps.h"

namespace ponnuki::nn {

class WinogradInt16Step final : public ProductStep {  // 3x3
 public:
  WinogradInt16Step(Place in, int inC, std::vector<ProductOutput> outputs, Int16Weights weights,
                    ConvGeometry geometry);
  void run(const Worker& w) const override;
  size_t sharedFloats(int maxRows) const override;
  size_t ownFloats(int maxRows) const override;
  size_t weightFloats() const override { return weights16_.u.size() / 2 + weights16_.scale.size(); }

 private:
  static constexpr int kMaxGroup = 3;
  int groupBlocks(const Worker& w) const;
  int tilesX() const { return (geometry_.boardX + kInt16OutTile - 1) / kInt16OutTile; }
  int tilesY() const { return (geometry_.boardY + kInt16OutTile - 1) / kInt16OutTile; }
  size_t tileStride(int rows) const;
  int chunkRows(int rows) const;

  ConvGeometry geometry_;
  Int16Weights weights16_;
};

class MatMulInt16Step final : public ProductStep {
 public:
  MatMulInt16Step(Place in, int inC, std::vector<ProductOutput> outputs, Int16Matrix weights)
      : ProductStep(in, inC, std::move(outputs), {}), weights16_(std::move(weights)) {}
  void run(const Worker& w) const override;
  size_t ownFloats(int maxRows) const override;
  size_t weightFloats() const override { return weights16_.b.size() / 2 + weights16_.scale.size(); }

 private:
  Int16Matrix weights16_;
};

class MatMulBf16Step final : public ProductStep {
 public:
  MatMulBf16Step(Place in, int inC, std::vector<ProductOutput> outputs, AlignedArray<uint16_t> weights)
      : ProductStep(in, inC, std::move(outputs), {}), weights16_(std::move(weights)) {}
  void run(const Worker& w) const override;
  size_t ownFloats(int maxRows) const override;
  size_t weightFloats() const override { return weights16_.size() / 2; }

 private:
  AlignedArray<uint16_t> weights16_;
};

}  // namespace ponnuki::nn
