package doppio.train;

import doppio.Generator;
import doppio.Tensor;
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
 * on one thread or several, the same bits.
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
  private List<Block> blocks = List.of();
  private Modes modes;

  BlockGradients(int rows) {
    this.rows = rows;
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
    if (count == 1 && step.model().namedGenerators().isEmpty()) {
      return whole.compute(step);
    }
    replicate(step.model(), step.loss());
    BlockSum sum = new BlockSum(step.model());
    double divisor = Double.NaN;
    for (int first = 0; first < count; first += blocks.size()) {
      int start = first;
      int wave = Math.min(blocks.size(), count - first);
      Parallel.each(wave, i -> blocks.get(i).compute(step, rows, start + i, seed));
      if (first == 0) {
        divisor = divisor(step, blocks.get(0).outputShape);
      }
      for (int i = 0; i < wave; i++) {
        sum.add(blocks.get(i), divisor);
      }
    }
    step.divisor(divisor);
    double value = sum.loss() / divisor;
    if (Double.isFinite(value)) {
      sum.writeGradients();
      sum.writeBuffers();
    }
    return value;
  }

  /** The batch's own divisor, for which only the shape of a prediction counts. */
  private static double divisor(Step step, int[] blockShape) {
    int[] shape = blockShape.clone();
    shape[0] = step.size();
    Tensor prediction = Tensor.zeros(shape);
    double divisor = step.loss().divisor(prediction, step.batch().targets());
    if (!(divisor > 0)) {
      // Nothing counts in the whole batch: the loss has the words for it.
      step.loss().forward(prediction, step.batch().targets());
    }
    return divisor;
  }

  /** As many replicas as threads may be at work; made again where a layer was exchanged. */
  private void replicate(Module model, Loss loss) {
    if (blocks.isEmpty() || !blocks.get(0).fits(model)) {
      List<Block> made = new ArrayList<>();
      for (int i = 0; i < Parallel.THREADS; i++) {
        made.add(new Block(model, loss));
      }
      blocks = made;
      modes = new Modes(model);
    }
    modes.note();
    blocks.forEach(Block::freezeAsTheOriginal);
    blocks.forEach(block -> block.follow(modes));
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
    return "blocks of " + rows + " rows";
  }
}
