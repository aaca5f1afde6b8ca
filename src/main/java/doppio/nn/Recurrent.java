package doppio.nn;

import doppio.Generator;
import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.Shapes;
import doppio.internal.Signs;
import doppio.internal.choice.KernelChoice;
import doppio.internal.layer.Cell;
import doppio.internal.layer.Recurrence;
import doppio.internal.layer.RecurrentScratch;
import doppio.internal.layer.Track;
import doppio.internal.layer.Wiring;
import java.util.Arrays;

/**
 * What the layers that go through sequences step by step share: parameters, layers and directions.
 */
abstract class Recurrent extends Layer {
  private static final String[] KINDS = {"weight_ih", "weight_hh", "bias_ih", "bias_hh"};
  private static final int WX = 0;
  private static final int WH = 1;
  private static final int BX = 2;
  private static final int BH = 3;

  private final Cell cell;
  private final int in;
  private final int hidden;
  private final int layers;
  private final int directions;
  private final Wiring wiring;
  private final Recurrence[] recurrences;

  /** The four of each layer and direction, by {@link #KINDS}. */
  private final Parameter[][] weights;

  /** What the last {@link #record} has left, for each layer and direction. */
  private final Track[] tracks;

  Recurrent(Cell cell, int in, int hidden, int layers, boolean bidirectional, Generator generator) {
    this(cell, in, hidden, layers, bidirectional, null, generator);
  }

  Recurrent(Cell cell, Parts parts) {
    this(
        cell,
        parts.integer("inputSize"),
        parts.integer("hiddenSize"),
        parts.integer("numLayers"),
        parts.flag("bidirectional"),
        parts,
        null);
  }

  /** Over parameters that exist, or with drawn ones where there are no parts. */
  private Recurrent(
      Cell cell,
      int in,
      int hidden,
      int layers,
      boolean bidirectional,
      Parts parts,
      Generator generator) {
    this.cell = cell;
    this.in = Require.atLeast(1, "in", in);
    Require.atLeast(1, "hidden", hidden);
    this.hidden = Require.between(1, Integer.MAX_VALUE / (2 * cell.gates), "hidden", hidden);
    this.layers = Require.atLeast(1, "layers", layers);
    directions = bidirectional ? 2 : 1;
    if (parts != null && layers > parts.parameters().size()) {
      throw new IllegalArgumentException(
          this + " cannot be made of " + parts.parameters().size() + " parameters");
    }
    Require.between(1, Integer.MAX_VALUE / (2 * KINDS.length), "layers", layers);
    wiring = new Wiring(in, hidden, directions);
    recurrences = new Recurrence[layers];
    weights = new Parameter[layers * directions][KINDS.length];
    tracks = new Track[weights.length];
    int width = cell.gates * hidden;
    double bound = 1 / Math.sqrt(hidden);
    for (int i = 0; i < weights.length; i++) {
      int layer = i / directions;
      int from = layer == 0 ? in : directions * hidden;
      recurrences[layer] = new Recurrence(cell, from, hidden);
      tracks[i] = new Track();
      int[][] shapes = {{width, from}, {width, hidden}, {width}, {width}};
      for (int kind = 0; kind < KINDS.length; kind++) {
        String name = KINDS[kind] + "_l" + layer + (i % directions == 1 ? "_reverse" : "");
        Parameter p =
            parts == null
                ? new Parameter(Tensor.zeros(shapes[kind]))
                : checked(name, parts.parameter(name), shapes[kind]);
        weights[i][kind] = parameter(name, p);
      }
    }
    if (parts == null) {
      parameters().forEach(p -> Init.uniform(p.value(), -bound, bound, generator));
    }
  }

  private Parameter checked(String name, Parameter p, int[] shape) {
    if (p == null || !Pass.hasShape(p.value(), shape)) {
      throw new ShapeException(
          this
              + " expects "
              + name
              + " "
              + Shapes.text(shape)
              + " but got "
              + (p == null ? "none" : Shapes.text(p.value())));
    }
    return p;
  }

  final <T> Description<T> describe(Description<T> description) {
    return description
        .set("inputSize", in)
        .set("hiddenSize", hidden)
        .set("numLayers", layers)
        .set("bidirectional", directions == 2);
  }

  /** The number of features of an input's step. */
  public final int inputSize() {
    return in;
  }

  /** The number of elements of a state, and of an output's step in one direction. */
  public final int hiddenSize() {
    return hidden;
  }

  /** The number of layers, each of which reads the outputs of the one below. */
  public final int layers() {
    return layers;
  }

  /** Whether each layer also goes through a sequence from its end. */
  public final boolean isBidirectional() {
    return directions == 2;
  }

  @Override
  protected final int[] outputShape(int[] inputShape) {
    SequenceShape.check(this, in, inputShape);
    return SequenceShape.withFeatures(directions * hidden, inputShape);
  }

  @Override
  protected final Steps steps() {
    if (directions == 2) {
      throw new Unsteppable(this, "its second direction begins at the end of a sequence");
    }
    Track[] state = new Track[tracks.length];
    Arrays.setAll(state, i -> new Track());
    begin(state, 1, 1, true);
    int memory = cell.memory * hidden;
    return new RecurrentSteps(this, in, hidden, memory, state, (x, y) -> step(x, y, state));
  }

  @Override
  protected final void compute(Tensor x, Tensor y) {
    RecurrentScratch s = RecurrentScratch.take();
    Track[] used = s.tracks(tracks.length);
    begin(used, x.dim(-2), SequenceShape.samples(x), false);
    run(x, y, s, used);
    s.give();
  }

  @Override
  protected final void record(Tensor x, Tensor y) {
    RecurrentScratch s = RecurrentScratch.take();
    begin(tracks, x.dim(-2), SequenceShape.samples(x), true);
    run(x, y, s, tracks);
    s.give();
  }

  private void begin(Track[] used, int steps, int n, boolean goesBack) {
    requireRoom(steps, n, goesBack);
    for (int i = 0; i < tracks.length; i++) {
      used[i].begin(cell.kept, hidden, steps, n, goesBack);
    }
  }

  /** Refuses what needs an array of more elements than there can be. */
  final void requireRoom(int steps, int n, boolean goesBack) {
    int most = Math.max(cell.kept, cell.gates);
    double rows = (double) n * (goesBack ? (steps + 1.0) * most : Math.max(steps + 1.0, most));
    if (rows * hidden > Integer.MAX_VALUE) {
      throw new ShapeException(
          this
              + ": an input of "
              + n
              + Signs.text(" × ")
              + steps
              + " steps needs an array of more elements than there can be"
              + (goesBack ? " for the way back" : ""));
    }
  }

  /** Makes the next step from the states that stand in the tracks. */
  private void step(Tensor x, Tensor y, Track[] from) {
    RecurrentScratch s = RecurrentScratch.take();
    run(x, y, s, from);
    s.give();
  }

  private void run(Tensor x, Tensor y, RecurrentScratch s, Track[] used) {
    for (int i = 0; i < weights.length; i++) {
      wiring.lay(x.data(), i, s, used);
      recurrences[i / directions].forward(
          s, used[i], value(i, WX), value(i, BX), value(i, WH), value(i, BH));
    }
    for (int d = 0; d < directions; d++) {
      Track t = used[last(d)];
      t.outputs().copyTo(wiring.part(y.data(), d, t.steps()), t.steps(), t.samples(), hidden);
    }
  }

  @Override
  protected final void gradients(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    int steps = x.dim(-2);
    int n = SequenceShape.samples(x);
    RecurrentScratch s = RecurrentScratch.take();
    for (int d = 0; d < directions; d++) {
      wiring.part(gy.data(), d, steps).copyTo(tracks[last(d)].gradients(), steps, n, hidden);
    }
    for (int layer = layers - 1; layer >= 0; layer--) {
      for (int d = 0; d < directions; d++) {
        int i = layer * directions + d;
        Track t = tracks[i];
        double[] others = recurrences[layer].backward(s, t, value(i, WH));
        wiring.lay(x.data(), i, s, tracks);
        int width = recurrences[layer].in();
        addProduct(weights[i][WX], s.gates, 0, s.input, 0, steps * n, width);
        // The first step's state is zero.
        addProduct(
            weights[i][WH],
            others,
            n * cell.gates * hidden,
            t.states(),
            n * hidden,
            (steps - 1) * n,
            hidden);
        addSum(weights[i][BX], s.gates, steps * n);
        addSum(weights[i][BH], others, steps * n);
        if (layer > 0 || gx != null) {
          recurrences[layer].inputGradient(s, t, value(i, WX));
          wiring.giveBack(layer > 0 ? null : gx.data(), i, s, tracks);
        }
      }
    }
    s.give();
  }

  private void addProduct(
      Parameter weight, double[] gy, int gy0, double[] x, int x0, int rows, int width) {
    if (!weight.isFrozen()) {
      boolean add = weight.hasGradient();
      double[] gw = weight.gradientToWrite();
      KernelChoice.kernels()
          .linearWeightGradient(gy, gy0, x, x0, gw, 0, rows, width, cell.gates * hidden, add);
    }
  }

  private void addSum(Parameter bias, double[] gy, int rows) {
    if (!bias.isFrozen()) {
      boolean add = bias.hasGradient();
      double[] gb = bias.gradientToWrite();
      KernelChoice.kernels().columnSums(gy, 0, gb, 0, rows, cell.gates * hidden, add);
    }
  }

  private int last(int direction) {
    return weights.length - directions + direction;
  }

  private double[] value(int i, int kind) {
    return weights[i][kind].value().data();
  }

  @Override
  public final String toString() {
    return name()
        + "("
        + in
        + Signs.text(" → ")
        + hidden
        + (layers == 1 ? "" : ", layers " + layers)
        + (directions == 1 ? ")" : ", bidirectional)");
  }
}
