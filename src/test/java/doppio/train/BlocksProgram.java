package doppio.train;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.loss.CrossEntropy;
import doppio.loss.Loss;
import doppio.nn.Dropout;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.optim.Momentum;
import doppio.own.Centre;
import java.util.Arrays;

/** Trains with gradients in blocks and prints a hash of all numbers for each size of block. */
final class BlocksProgram {
  static final int[] ROWS = {1, 7, 64, 1000};
  private static final int SAMPLES = 150;
  private static final int CLASSES = 3;

  private BlocksProgram() {}

  public static void main(String[] args) {
    for (int rows : ROWS) {
      System.out.println(rows + ": " + Long.toHexString(hash(rows)));
    }
  }

  static long hash(int rows) {
    Module model = model(new Generator(3), true);
    trainer(model, loss()).gradientBlocks(rows).fit(data());
    long hash = 1;
    for (Tensor t : model.stateDict().values()) {
      hash = 31 * hash + Arrays.hashCode(t.data());
    }
    return hash;
  }

  static Trainer trainer(Module model, Loss loss) {
    return new Trainer(model, loss, new Momentum(model.parameters(), 0.05, 0.9))
        .epochs(2)
        .batchSize(100)
        .clipNorm(1)
        .shuffle(new Generator(4));
  }

  static Loss loss() {
    return new CrossEntropy().weights(0.5, 2, 1.25).ignoreIndex(-100);
  }

  static Module model(Generator generator, boolean random) {
    return new Sequential(
        new Linear(6, 20, generator),
        new Centre(20),
        new ReLU(),
        random ? new Dropout(0.3, generator) : new Sequential(),
        random ? new Dropout(0.1) : new Sequential(),
        new Linear(20, CLASSES, generator));
  }

  /** One row in four is ignored, the first ten among them, so that whole blocks are. */
  static Dataset data() {
    Tensor targets = Tensor.zeros(SAMPLES);
    for (int i = 0; i < SAMPLES; i++) {
      targets.set(i < 10 || i % 4 == 0 ? -100 : i % CLASSES, i);
    }
    return new Dataset(RandomTensors.normal(5, SAMPLES, 6), targets);
  }
}
