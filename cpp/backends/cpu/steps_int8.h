// Products in 8-bit integers: the steps of steps.h with other kernels and weights of one byte.
#pragma once

#include "backends/cpu/pack_int8.h"
#include "backends/cpu/steps.h"

namespace ponnuki::nn {

class MatMulInt8Step final : public ProductStep {
 public:
  MatMulInt8Step(Place in, int inC, std::vector<ProductOutput> outputs, Int8Weights weights)
      : ProductStep(in, inC, std::move(outputs), {}), weights8_(std::move(weights)) {}
  void run(const Worker& w) const override;
  size_t ownFloats(int maxRows) const override;
  size_t weightFloats() const override { return weights8_.floats(); }

 private:
  Int8Weights weights8_;
};

class ConvInt8Step final : public ProductStep {  // any geometry of at most kInt8MaxTaps
 public:
  ConvInt8Step(Place in, int inC, std::vector<ProductOutput> outputs, Int8Weights weights,
               ConvGeometry geometry)
      : ProductStep(in, inC, std::move(outputs), {}), geometry_(geometry), weights8_(std::move(weights)) {}
  void run(const Worker& w) const override;
  size_t sharedFloats(int maxRows) const override;
  size_t weightFloats() const override { return weights8_.floats(); }

 private:
  size_t paddedBoardFloats() const;
  int chunkRows(int rows) const;

  ConvGeometry geometry_;
  Int8Weights weights8_;
};

}  // namespace ponnuki::nn
