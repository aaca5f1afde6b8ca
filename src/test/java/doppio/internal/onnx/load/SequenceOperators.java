package doppio.internal.onnx.load;

import static doppio.internal.onnx.OnnxBytes.attribute;
import static doppio.internal.onnx.OnnxBytes.graph;
import static doppio.internal.onnx.OnnxBytes.list;

import doppio.RandomTensors;
import doppio.Tensor;
import doppio.internal.onnx.OnnxBytes;
import doppio.internal.onnx.load.OperatorsTest.Row;
import java.util.stream.Stream;

/** The operators that go through sequences, on two steps of one number, worked out by hand. */
final class SequenceOperators {
  private static final double[] X = {0.5, -1};

  private SequenceOperators() {}

  static Stream<Row> rows() {
    Tensor x = Tensor.of(X).reshape(2, 1, 1);
    Tensor first = Tensor.of(X).reshape(1, 2, 1);
    Tensor sequences = RandomTensors.normal(3, 2, 4, 3);
    OnnxBytes squeezed =
        weights(graph(-1, 2, 1), 1).node("Transpose x -> t", list("perm", 1, 0, 2));
    return Stream.of(
        new Row(7, weights(graph(2, 1, 1), 1).node("RNN x w r b -> y"), x, steps(rnn())),
        new Row(
            14,
            weights(graph(1, 2, 1), 1).node("RNN x w r b -> y", attribute("layout", 1L)),
            first,
            Tensor.of(rnn()).reshape(1, 2, 1, 1)),
        new Row(
            14,
            squeezed
                .node("RNN t w r b -> z last")
                .wholes("at", -1)
                .node("Gather last at -> h", attribute("axis", 0L))
                .node("Squeeze h -> y", list("axes", 0)),
            first,
            Tensor.of(rnn()[1]).reshape(1, 1)),
        new Row(
            7,
            weights(graph(2, 1, 1), 3)
                .node("GRU x w r b -> y", attribute("linear_before_reset", 1L)),
            x,
            steps(gru())),
        new Row(7, weights(graph(2, 1, 1), 4).node("LSTM x w r b -> y"), x, steps(lstm())),
        new Row(
            7,
            weights(graph(2, 1, 1), 4)
                .wholes("s", 1, 1, 1)
                .node("ConstantOfShape s -> h")
                .node("LSTM x w r b _ h h -> y"),
            x,
            steps(lstm())),
        new Row(
            13,
            graph(-1, 4, 3)
                .floats("z", Tensor.zeros(1))
                .wholes("s", 4, 3)
                .node("Expand z s -> w")
                .node("Add x w -> y"),
            sequences,
            sequences),
        new Row(
            13,
            graph(-1, 4, 3).wholes("i", -1).node("Gather x i -> y", attribute("axis", 1L)),
            sequences,
            null),
        new Row(
            11,
            graph(-1, 4, 3).node("ReduceMean x -> y", list("axes", 1), attribute("keepdims", 0L)),
            sequences,
            null));
  }

  /** Weights 0.1, 0.2, … of the input, −0.3, −0.2, … of the state, biases 0.05, 0.1, … */
  private static OnnxBytes weights(OnnxBytes graph, int gates) {
    Tensor w = Tensor.zeros(1, gates, 1);
    Tensor r = Tensor.zeros(1, gates, 1);
    Tensor b = Tensor.zeros(1, 2 * gates);
    for (int i = 0; i < gates; i++) {
      w.data()[i] = (float) w(i);
      r.data()[i] = (float) r(i);
    }
    for (int i = 0; i < 2 * gates; i++) {
      b.data()[i] = (float) b(i);
    }
    return graph.floats("w", w).floats("r", r).floats("b", b);
  }

  private static double w(int gate) {
    return 0.1 * (gate + 1);
  }

  private static double r(int gate) {
    return 0.1 * gate - 0.3;
  }

  private static double b(int i) {
    return 0.05 * (i + 1);
  }

  private static Tensor steps(double... y) {
    return Tensor.of(y).reshape(2, 1, 1, 1);
  }

  private static double[] rnn() {
    double first = Math.tanh(w(0) * X[0] + b(0) + b(1));
    return new double[] {first, Math.tanh(w(0) * X[1] + r(0) * first + b(0) + b(1))};
  }

  /** Gates z, r, h. */
  private static double[] gru() {
    double[] y = new double[2];
    double h = 0;
    for (int t = 0; t < 2; t++) {
      double z = sigmoid(w(0) * X[t] + b(0) + r(0) * h + b(3));
      double reset = sigmoid(w(1) * X[t] + b(1) + r(1) * h + b(4));
      double n = Math.tanh(w(2) * X[t] + b(2) + reset * (r(2) * h + b(5)));
      h = (1 - z) * n + z * h;
      y[t] = h;
    }
    return y;
  }

  /** Gates i, o, f, c. */
  private static double[] lstm() {
    double[] y = new double[2];
    double h = 0;
    double c = 0;
    for (int t = 0; t < 2; t++) {
      double[] sums = new double[4];
      for (int gate = 0; gate < 4; gate++) {
        sums[gate] = w(gate) * X[t] + b(gate) + r(gate) * h + b(4 + gate);
      }
      c = sigmoid(sums[2]) * c + sigmoid(sums[0]) * Math.tanh(sums[3]);
      h = sigmoid(sums[1]) * Math.tanh(c);
      y[t] = h;
    }
    return y;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
