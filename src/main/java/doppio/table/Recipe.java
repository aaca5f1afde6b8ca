package doppio.table;

import doppio.Generator;
import doppio.data.Dataset;
import doppio.loss.Loss;
import doppio.metric.CrossValidation;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.optim.AdamW;
import doppio.train.EarlyStopping;
import doppio.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * How a network for a table is made and trained unless told otherwise.
 *
 * @param hidden the outputs of each hidden layer
 * @param rate AdamW's learning rate
 * @param decay its weight decay
 * @param epochs how many at most
 * @param batch the rows of a batch
 * @param patience how many epochs may pass that are not better on the rows held out
 */
record Recipe(
    List<Integer> hidden, double rate, double decay, int epochs, int batch, int patience) {
  /** Chosen on generated tables, by {@code TableDefaults} in src/jmh. */
  static final Recipe USUAL = new Recipe(List.of(128, 64), 1e-3, 0.1, 100, 16, 20);

  /** One of so many parts of the rows is held out, if there are rows enough to be worth it. */
  private static final int PARTS = 10;

  private static final int FEWEST_ROWS = 50;

  /** Linear layers with ReLU between them. */
  Module network(int in, int out, Generator generator) {
    List<Module> layers = new ArrayList<>();
    int width = in;
    for (int outputs : hidden) {
      layers.add(new Linear(width, outputs, generator));
      layers.add(new ReLU());
      width = outputs;
    }
    layers.add(new Linear(width, out, generator));
    return new Sequential(layers.toArray(new Module[0]));
  }

  /**
   * Trains; the network is in evaluation mode then.
   *
   * @param classes of each row, which the rows held out are spread over
   * @param settings changes the training before it begins
   */
  void train(
      Module net,
      Loss loss,
      Dataset data,
      List<?> classes,
      Generator generator,
      Consumer<Trainer> settings) {
    Trainer training =
        new Trainer(net, loss, new AdamW(net.parameters(), rate).weightDecay(decay))
            .epochs(epochs)
            .batchSize(batch)
            .shuffle(generator);
    Dataset rest = data;
    if (data.size() >= FEWEST_ROWS) {
      int[] part = CrossValidation.of(PARTS, generator).assign(classes);
      training
          .validation(rows(data, i -> part[i] == 0))
          .callback(new EarlyStopping(patience).restoreBest());
      rest = rows(data, i -> part[i] != 0);
    }
    settings.accept(training);
    training.fit(rest);
    net.eval();
  }

  private static Dataset rows(Dataset data, IntPredicate which) {
    return data.subset(IntStream.range(0, data.size()).filter(which).toArray());
  }
}
