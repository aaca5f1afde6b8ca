package doppio.internal.onnx.save;

import static doppio.internal.onnx.save.Emitter.attributes;

import doppio.Tensor;
import doppio.nn.BatchNorm1d;
import doppio.nn.BatchNorm2d;
import doppio.nn.LayerNorm;
import doppio.nn.Module;
import doppio.nn.Parameter;

/** The rows of the normalisations. The format has ε as a float, so doubles need another way. */
final class Norms {
  private Norms() {}

  static String batchNorm(Emitter e, BatchNorm1d m, Value x) {
    return batchNorm(e, m, m.weight(), m.bias(), m.eps(), m.momentum(), x);
  }

  static String batchNorm(Emitter e, BatchNorm2d m, Value x) {
    return batchNorm(e, m, m.weight(), m.bias(), m.eps(), m.momentum(), x);
  }

  /** Of doubles, what a float cannot hold of ε is added to the variance. */
  private static String batchNorm(
      Emitter e, Module m, Parameter weight, Parameter bias, double eps, double momentum, Value x) {
    Tensor variance = m.namedBuffers().get("running_var");
    double written = eps;
    String var;
    if (e.isDouble()) {
      written = (float) eps > eps ? Math.nextDown((float) eps) : (float) eps;
      Tensor whole = variance.copy();
      for (int c = 0; c < whole.size(); c++) {
        whole.data()[c] += eps - written;
      }
      var = e.tensor("running_var", whole);
    } else {
      var = e.tensor("running_var", variance);
    }
    return e.node(
        "BatchNormalization",
        attributes("epsilon", written, "momentum", 1 - momentum),
        x.name(),
        e.tensor("weight", weight.value()),
        e.tensor("bias", bias.value()),
        e.tensor("running_mean", m.namedBuffers().get("running_mean")),
        var);
  }

  /** Of doubles (x − mean) / √(mean of squares + ε) · γ + β, spelled out. */
  static String layerNorm(Emitter e, LayerNorm m, Value x) {
    int rank = m.weight().value().rank();
    String weight = e.tensor("weight", m.weight().value());
    String bias = e.tensor("bias", m.bias().value());
    if (!e.isDouble()) {
      return e.node(
          "LayerNormalization",
          attributes("axis", (long) -rank, "epsilon", m.eps()),
          x.name(),
          weight,
          bias);
    }
    long[] axes = new long[rank];
    for (int d = 0; d < rank; d++) {
      axes[d] = (long) d - rank;
    }
    String mean = e.node("ReduceMean", attributes("axes", axes), x.name());
    String centred = e.node("Sub", x.name(), mean);
    String square = e.node("Mul", centred, centred);
    String variance = e.node("ReduceMean", attributes("axes", axes), square);
    String root = e.node("Sqrt", e.node("Add", variance, e.constant(m.eps())));
    String normal = e.node("Div", centred, root);
    return e.node("Add", e.node("Mul", normal, weight), bias);
  }
}
