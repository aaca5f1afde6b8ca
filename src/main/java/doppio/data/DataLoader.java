package doppio.data;

import doppio.Generator;
import doppio.internal.Advice;
import doppio.internal.Require;
import doppio.internal.Slices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Cuts a data set into mini-batches; each pass over it is one epoch.
 *
 * <p>Batches come in the data set's order, or in a new random order every epoch after {@link
 * #shuffle}. The last batch holds what is left, unless {@link #dropLast} leaves it out. Each batch
 * has tensors of its own.
 *
 * <p>Of {@link GroupedSamples} each batch is of one group, and each group has a last batch that may
 * be smaller. The groups' batches come mixed: where the first of their samples stands in the order.
 *
 * <p>The order and what it draws from the generator are those of PyTorch's {@code DataLoader(data,
 * batch_size, shuffle=True, generator=generator)}: 64 bits when an epoch starts (the seed that
 * PyTorch would give to worker processes), a permutation when the first batch is asked for, and,
 * for that is how its sampler is written, a second permutation, not used, when the samples have run
 * out. So several epochs, broken off or not, agree with PyTorch's.
 *
 * <pre>{@code
 * DataLoader loader = new DataLoader(train, 64).shuffle(new Generator(0));
 * for (int epoch = 0; epoch < 10; epoch++) {
 *   for (Batch batch : loader) {
 *     ...
 *   }
 * }
 * }</pre>
 *
 * <p>Iterators are independent of each other, and a later change of the settings does not reach
 * those that run; one iterator is for one thread.
 */
public final class DataLoader implements Iterable<Batch> {
  private final Samples samples;
  private final int batchSize;
  private Generator generator;
  private boolean dropLast;

  /**
   * A loader in the data set's order that keeps the partial last batch.
   *
   * @param samples what the batches are taken from, a {@link Dataset} say
   * @param batchSize the number of samples in a batch
   * @throws IllegalArgumentException if {@code batchSize < 1}
   */
  public DataLoader(Samples samples, int batchSize) {
    this.samples = Objects.requireNonNull(samples, "samples");
    this.batchSize = Require.atLeast(1, "batchSize", batchSize);
  }

  /**
   * Draws a new order every epoch.
   *
   * @param generator what the orders are drawn from
   * @return this loader
   */
  public DataLoader shuffle(Generator generator) {
    this.generator = Objects.requireNonNull(generator, "generator");
    return this;
  }

  /**
   * Leaves out a last batch of fewer samples than the others, or keeps it.
   *
   * @param dropLast whether to leave it out
   * @return this loader
   */
  public DataLoader dropLast(boolean dropLast) {
    this.dropLast = dropLast;
    return this;
  }

  /** {@return what the batches are taken from} */
  public Samples samples() {
    return samples;
  }

  /** {@return the number of samples in a batch, the last one of an epoch perhaps excepted} */
  public int batchSize() {
    return batchSize;
  }

  /** {@return the number of batches in an epoch} */
  public int batches() {
    if (samples instanceof GroupedSamples grouped) {
      return Groups.batches(grouped, batchSize, dropLast);
    }
    return dropLast ? samples.size() / batchSize : Slices.count(samples.size(), batchSize);
  }

  /** Starts an epoch. */
  @Override
  public Epoch iterator() {
    if (batches() == 0 && samples.size() > 0) {
      Advice.NO_BATCH.give();
    }
    return new Epoch(samples, batchSize, batches(), dropLast, generator);
  }

  /** The number of samples, and how they are cut. */
  @Override
  public String toString() {
    return "DataLoader("
        + samples.size()
        + " samples in batches of "
        + batchSize
        + (generator == null ? "" : ", shuffled")
        + (dropLast ? ", partial last batch dropped)" : ")");
  }

  /** One pass over the samples. */
  public static final class Epoch implements Iterator<Batch> {
    private final Samples samples;
    private final int batchSize;
    private final int batches;
    private final boolean dropLast;
    private final Generator generator;
    private int[] order;
    private int batch;
    private boolean exhausted;

    /** The batches of grouped samples, once the order is known; null of others. */
    private int[][] cut;

    Epoch(Samples samples, int batchSize, int batches, boolean dropLast, Generator generator) {
      this.samples = samples;
      this.batchSize = batchSize;
      this.batches = batches;
      this.dropLast = dropLast;
      this.generator = generator;
      if (generator != null) {
        // The seed that PyTorch's workers would get: drawn whether there are any or not.
        long unused = generator.random64();
      }
    }

    @Override
    public boolean hasNext() {
      if (batch < batches) {
        return true;
      }
      exhaust();
      return false;
    }

    /**
     * {@inheritDoc}
     *
     * @throws NoSuchElementException if the epoch has ended
     */
    @Override
    public Batch next() {
      return samples.batch(nextRows());
    }

    /**
     * {@return the row numbers of the next batch, which is not read: in place of {@link #next}}
     *
     * @throws NoSuchElementException if the epoch has ended
     */
    public int[] nextRows() {
      if (!hasNext()) {
        throw new NoSuchElementException("the epoch has ended after " + batches + " batches");
      }
      if (samples instanceof GroupedSamples) {
        return rows(batch++);
      }
      int[] rows = rows(batch);
      batch++;
      if (rows.length < batchSize) {
        exhaust();
      }
      return rows;
    }

    /** {@return the row numbers of each batch that is left, in their order, without moving on} */
    public List<int[]> rest() {
      List<int[]> rest = new ArrayList<>();
      for (int i = batch; i < batches; i++) {
        rest.add(rows(i));
      }
      return rest;
    }

    @Override
    public String toString() {
      return "Epoch(" + batch + " of " + batches + " batches)";
    }

    private int[][] cut(GroupedSamples grouped) {
      if (cut == null) {
        if (generator == null) {
          order = IntStream.range(0, samples.size()).toArray();
        } else {
          drawOrder();
        }
        cut = Groups.cut(grouped, order, batchSize, dropLast);
      }
      return cut;
    }

    private int[] rows(int number) {
      if (samples instanceof GroupedSamples grouped) {
        return cut(grouped)[number].clone();
      }
      int from = Slices.start(samples.size(), batchSize, number);
      int[] rows = new int[Slices.start(samples.size(), batchSize, number + 1) - from];
      if (generator == null) {
        Arrays.setAll(rows, i -> from + i);
      } else {
        drawOrder();
        System.arraycopy(order, from, rows, 0, rows.length);
      }
      return rows;
    }

    private void drawOrder() {
      if (order == null) {
        order = generator.permutation(samples.size());
      }
    }

    /** Draws what PyTorch's sampler draws when it is asked for one sample more than there are. */
    private void exhaust() {
      if (generator == null || exhausted) {
        return;
      }
      exhausted = true;
      drawOrder();
      generator.skipPermutation(samples.size());
    }
  }
}
