package doppio.train;

import doppio.Generator;
import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.Signs;
import doppio.internal.Slices;
import doppio.internal.state.StateReader;
import doppio.internal.threads.Parallel;
import doppio.loss.Loss;
import doppio.nn.Module;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The gradient of a batch as the sum of its blocks', each computed alone on a replica of the model:
 * on one thread or several, here or elsewhere, the same bits.
 *
 * <p>A block is a range of positions in the batch. Its gradient g, a mean over its own divisor d,
 * counts as g · (d / D), where D is the batch's; the products are added in a tree that depends on
 * the number of blocks alone. Random layers draw from generators that are seeded for each block.
 */
final class BlockGradients implements GradientSource {
  private static final long WORD = 0xffffffffL;

  private final int rows;
  private final GradientSource whole = new WholeBatch();
  private long seed;
  private boolean seeded;
  private final BlockSource elsewhere;
  private List<BlockWorker> workers = List.of();
  private Modes modes;

  /**
   * Blocks of so many rows.
   *
   * @param elsewhere who computes them; null for the threads of this JVM
   */
  BlockGradients(int rows, BlockSource elsewhere) {
    this.rows = Require.atLeast(1, "rows", rows);
    this.elsewhere = elsewhere;
  }

  /** The rows of a block; the last one of a batch may have fewer. */
  int rows() {
    return rows;
  }

  @Override
  public void begin(Generator generator) {
    // A copy's number: blocks alone must not change the orders that the generator draws.
    seed = generator.copy().random64();
    seeded = true;
  }

  @Override
  public double compute(Step step) {
    int count = Slices.count(step.size(), rows);
    boolean isWhole = count == 1 && step.model().namedGenerators().isEmpty();
    if (elsewhere != null) {
      return elsewhere(step, count, isWhole);
    }
    if (isWhole) {
      return whole.compute(step);
    }
    replicate(step.model(), step.loss());
    BlockSum sum = new BlockSum(step.model());
    BlockGradient[] wave = new BlockGradient[workers.size()];
    double divisor = Double.NaN;
    for (int first = 0; first < count; first += wave.length) {
      int start = first;
      int size = Math.min(wave.length, count - first);
      Parallel.each(size, i -> wave[i] = compute(step, start + i, workers.get(i)));
      if (first == 0) {
        divisor = divisor(step, wave[0].outputShape, step.batch().targets());
      }
      for (int i = 0; i < size; i++) {
        sum.add(wave[i], divisor);
      }
    }
    return write(sum, sum.loss() / divisor);
  }

  private BlockGradient compute(Step step, int number, BlockWorker worker) {
    int from = Slices.start(step.size(), rows, number);
    int to = Slices.start(step.size(), rows, number + 1);
    return worker.computed(step.read(from, to), number, step.number(), seed);
  }

  private double elsewhere(Step step, int count, boolean isWhole) {
    List<BlockGradient> blocks = elsewhere.compute(step, rows, seed);
    int came = blocks.stream().mapToInt(block -> block.rows).sum();
    if (blocks.size() != count || came != step.size()) {
      throw new IllegalStateException(
          elsewhere
              + ": expected "
              + count
              + " blocks of "
              + step.size()
              + " rows in all but got "
              + blocks.size()
              + " of "
              + came);
    }
    double divisor = divisor(step, blocks.get(0).outputShape, BlockGradient.targets(blocks));
    BlockSum sum = new BlockSum(step.model());
    blocks.forEach(block -> sum.add(block, divisor));
    // The value itself, as the whole batch here would give: a sum of it may round once more.
    return write(sum, isWhole ? blocks.get(0).value : sum.loss() / divisor);
  }

  private static double write(BlockSum sum, double value) {
    if (Double.isFinite(value)) {
      sum.writeGradients();
      sum.writeBuffers();
    }
    return value;
  }

  /** The batch's own divisor, for which only the shape of a prediction counts. */
  private static double divisor(Step step, int[] blockShape, Tensor targets) {
    int[] shape = blockShape.clone();
    shape[0] = step.size();
    Tensor prediction = Tensor.zeros(shape);
    double divisor = step.loss().divisor(prediction, targets);
    if (!(divisor > 0)) {
      // Nothing counts in the whole batch: the loss has the words for it.
      step.loss().forward(prediction, targets);
    }
    step.divisor(divisor);
    return divisor;
  }

  /** As many replicas as threads may be at work; made again where a layer was exchanged. */
  private void replicate(Module model, Loss loss) {
    if (workers.isEmpty() || !workers.get(0).fits(model)) {
      List<BlockWorker> made = new ArrayList<>();
      for (int i = 0; i < Parallel.THREADS; i++) {
        made.add(new BlockWorker(model, loss));
      }
      modes = new Modes(model);
      workers = made;
    }
    modes.note();
    workers.forEach(worker -> worker.follow(modes));
  }

  @Override
  public Map<String, Tensor> stateDict() {
    return seeded
        ? Map.of("seed", Tensor.of((double) (seed >>> 32), (double) (seed & WORD)))
        : Map.of();
  }

  @Override
  public Runnable read(Map<String, Tensor> state) {
    StateReader reader = new StateReader("the gradient blocks", state);
    double[] words = reader.tensor("seed", 2).data();
    for (double word : words) {
      if (!(word >= 0 && word <= WORD && word == Math.rint(word))) {
        reader.problem(Signs.text("seed expects two whole numbers below 2³² but got ") + word);
      }
    }
    reader.finish();
    long read = (long) words[0] << 32 | (long) words[1];
    return () -> {
      seed = read;
      seeded = true;
    };
  }

  @Override
  public String toString() {
    return "blocks of " + rows + " rows" + (elsewhere == null ? "" : " by " + elsewhere);
  }
}
