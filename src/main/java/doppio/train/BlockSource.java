package doppio.train;

import java.util.List;

/**
 * Computes the gradient blocks of a step somewhere else: on other machines, say. What they give is
 * added as {@link Trainer#gradientBlocks} adds the blocks of this JVM's threads, in a tree that
 * depends on their number alone, so that the bits are the same wherever each was computed.
 *
 * <pre>{@code
 * BlockSource here = (step, rows, seed) -> {
 *   BlockWorker worker = new BlockWorker(step.model(), step.loss());
 *   List<BlockGradient> blocks = new ArrayList<>();
 *   for (int from = 0; from < step.size(); from += rows) {
 *     Batch block = step.read(from, Math.min(from + rows, step.size()));
 *     blocks.add(worker.compute(block, blocks.size(), step.number(), seed));
 *   }
 *   return blocks;
 * };
 * trainer.gradientSource(here.blocksOf(64));
 * }</pre>
 */
@FunctionalInterface
public interface BlockSource {
  /**
   * Computes all blocks of a step, each by a {@link BlockWorker}.
   *
   * @param rows the rows of a block; the last one of a batch may have fewer
   * @param seed for the workers; the same in all steps of a training, those after a resume too
   * @return a result for each block, in the order of their rows
   */
  List<BlockGradient> compute(Step step, int rows, long seed);

  /**
   * The source of gradients for {@link Trainer#gradientSource}. Its checkpoints are those of {@link
   * Trainer#gradientBlocks}: a training may go on here, and one from here on one machine.
   *
   * @param rows the rows of a block
   * @throws IllegalArgumentException if {@code rows < 1}
   */
  default GradientSource blocksOf(int rows) {
    return new BlockGradients(rows, this);
  }
}
