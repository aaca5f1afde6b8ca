package doppio.peers;

import doppio.Generator;
import doppio.Tensor;
import doppio.loss.CrossEntropy;
import doppio.loss.Loss;
import doppio.loss.MSE;
import doppio.nn.Conv2d;
import doppio.nn.Flatten;
import doppio.nn.Init;
import doppio.nn.LSTM;
import doppio.nn.Linear;
import doppio.nn.MaxPool2d;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import doppio.nn.TransformerEncoderLayer;
import doppio.nn.Window;
import doppio.peers.Workload.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** All workloads by their names. A name gives the same weights and data each time. */
final class Workloads {
  /** Those of the performance page. */
  static final List<String> NAMED =
      List.of("W1", "W2", "W3", "W4a", "W4b", "W5", "W6", "W7", "W8", "W9", "W10", "W11");

  /** Training steps that grow: WIDTHxDEPTHxBATCH. */
  static final List<String> GROWTH =
      List.of(
          "256x2x1",
          "256x2x4",
          "256x2x16",
          "256x2x64",
          "256x2x256",
          "256x2x1024",
          "256x2x4096",
          "16x2x64",
          "64x2x64",
          "1024x2x64",
          "2048x2x64",
          "128x1x64",
          "128x5x64",
          "128x20x64",
          "128x50x64",
          "17x3x7",
          "333x3x77");

  private static final String GROWN = "\\d+x\\d+x\\d+";
  private static final int SAMPLES = 4096;
  private static final int ASKED = 64;
  private static final int CLASSES = 10;
  private static final int SIDE = 28;

  private final Generator generator = new Generator(1);

  private Workloads() {}

  /** Whether there is such a workload: a name of the lists above, or any other sizes. */
  static boolean has(String name) {
    return NAMED.contains(name) || name.matches(GROWN);
  }

  /** The workload of a name. */
  static Workload of(String name) {
    Workloads from = new Workloads();
    return name.matches(GROWN) ? from.grown(name) : from.named(name);
  }

  private Workload named(String name) {
    return switch (name) {
      case "W1" -> regression("784-128-64-10, tanh, one sample a step", small(), 784, SAMPLES, 1);
      case "W2" -> regression("the same, batch 64", small(), 784, SAMPLES, 64);
      case "W3" ->
          classes("784-512-1024-512-10, ReLU, momentum, batch 64", large(), 0.01, 0.5, 64, 64, 784);
      case "W4a" -> answers("one answer of the first", small(), 784);
      case "W4b" -> answers("one answer of the third", large(), 784);
      case "W5" -> tiny();
      case "W6" ->
          classes(
              "two convolutions with pools, batch 64", pooled(), 0.05, 0.9, 64, 16, 1, SIDE, SIDE);
      case "W7" -> answers("one answer of that network", pooled(), 1, SIDE, SIDE);
      case "W8" ->
          classes("two convolutions 32-32, batch 32", wide(), 0.001, 0.9, 32, 4, 32, SIDE, SIDE);
      case "W9" -> sequences("LSTM 32-128, 50 steps, batch 32", lstm(), 50, 32, 128);
      case "W10" ->
          sequences("two encoder layers, 32 steps of 64, batch 32", encoder(), 32, 64, 64);
      case "W11" -> stream();
      default -> throw new IllegalArgumentException("no workload " + name);
    };
  }

  /** Layers of one width with ReLU between, on one batch. */
  private Workload grown(String name) {
    int[] size = Arrays.stream(name.split("x", -1)).mapToInt(Integer::parseInt).toArray();
    int[] widths = new int[size[1] + 1];
    Arrays.fill(widths, size[0]);
    String what = "width %d, depth %d, batch %d".formatted(size[0], size[1], size[2]);
    return new Workload(
        what,
        Kind.TRAINING,
        Unit.MICROSECONDS,
        layers(widths, ReLU::new, false),
        normal(size[2], size[0]),
        normal(size[2], size[0]),
        size[2],
        new MSE(),
        1e-3,
        0);
  }

  private Workload regression(String what, Module model, int in, int samples, int batch) {
    return training(
        what, Unit.SAMPLES, model, uniform(samples, in), uniform(samples, CLASSES), batch, 0.01);
  }

  private Workload tiny() {
    Module model = layers(new int[] {2, 16, 1}, ReLU::new, false);
    return training(
        "2-16-1, ReLU, batch 200", Unit.STEPS, model, normal(200, 2), normal(200, 1), 200, 0.05);
  }

  private Workload sequences(String what, Module model, int steps, int in, int out) {
    int samples = 256;
    return training(
        what,
        Unit.SAMPLES,
        model,
        uniform(samples, steps, in),
        uniform(samples, steps, out),
        32,
        0.01);
  }

  private static Workload training(
      String what, Unit unit, Module model, Tensor x, Tensor y, int batch, double rate) {
    return new Workload(what, Kind.TRAINING, unit, model, x, y, batch, new MSE(), rate, 0);
  }

  private Workload classes(
      String what, Module model, double rate, double momentum, int batch, int runs, int... sample) {
    Loss loss = new CrossEntropy();
    Tensor labels = Tensor.zeros(batch * runs);
    for (int i = 0; i < labels.size(); i++) {
      labels.data()[i] = generator.random32() % CLASSES;
    }
    Tensor x = normal(shape(batch * runs, sample));
    return new Workload(
        what, Kind.TRAINING, Unit.SAMPLES, model, x, labels, batch, loss, rate, momentum);
  }

  private Workload answers(String what, Module model, int... sample) {
    Tensor x = normal(shape(ASKED, sample));
    return new Workload(what, Kind.ANSWER, Unit.MICROSECONDS, model, x, null, 1, null, 0, 0);
  }

  private Workload stream() {
    Tensor x = uniform(ASKED, 32);
    return new Workload(
        "one step of a stream, LSTM 32-128",
        Kind.STREAM,
        Unit.MICROSECONDS,
        lstm(),
        x,
        null,
        1,
        null,
        0,
        0);
  }

  private Module small() {
    return layers(new int[] {784, 128, 64, CLASSES}, Tanh::new, true);
  }

  private Module large() {
    return layers(new int[] {784, 512, 1024, 512, CLASSES}, ReLU::new, false);
  }

  private Module pooled() {
    return new Sequential(
        convolution(1, 16),
        new ReLU(),
        new MaxPool2d(2),
        convolution(16, 32),
        new ReLU(),
        new MaxPool2d(2),
        new Flatten(),
        new Linear(32 * SIDE * SIDE / 16, CLASSES, generator));
  }

  private Module wide() {
    return new Sequential(
        convolution(32, 32),
        new ReLU(),
        convolution(32, 32),
        new ReLU(),
        new Flatten(),
        new Linear(32 * SIDE * SIDE, CLASSES, generator));
  }

  private Module convolution(int in, int out) {
    return new Conv2d(in, out, Window.of(3).padding(1), generator);
  }

  private Module lstm() {
    return new LSTM(32, 128, generator);
  }

  private Module encoder() {
    return new Sequential(encoderLayer(), encoderLayer());
  }

  private Module encoderLayer() {
    return new TransformerEncoderLayer(64, 4, 128, 0, new ReLU(), false, false, generator);
  }

  /** Linear layers of these widths, with an activation between, or behind the last too. */
  private Module layers(int[] widths, Supplier<Module> activation, boolean last) {
    List<Module> layers = new ArrayList<>();
    for (int l = 1; l < widths.length; l++) {
      layers.add(new Linear(widths[l - 1], widths[l], generator));
      if (last || l + 1 < widths.length) {
        layers.add(activation.get());
      }
    }
    return new Sequential(layers.toArray(Module[]::new));
  }

  private Tensor uniform(int... shape) {
    return Init.uniform(Tensor.zeros(shape), 0, 1, generator);
  }

  private Tensor normal(int... shape) {
    return Init.normal(Tensor.zeros(shape), 0, 1, generator);
  }

  private static int[] shape(int samples, int[] sample) {
    int[] shape = new int[sample.length + 1];
    shape[0] = samples;
    System.arraycopy(sample, 0, shape, 1, sample.length);
    return shape;
  }
}
