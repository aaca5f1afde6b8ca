package doppio.examples;

import doppio.Generator;
import doppio.nn.Linear;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.table.Classifier;
import doppio.table.Rows;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A server's day: a classifier of orders is trained, saved and loaded, and many threads ask it at
 * once, a row at a time, each for an answer that is made from the record itself.
 */
public final class ServeTable {
  private static final int THREADS = 16;
  private static final int ROWS = 100_000;
  private static final int TRAINING = 2000;
  private static final int[] HIDDEN = {64, 32};
  private static final int CITIES = 100;
  private static final int WARM_UP = 5;

  /** An order, and whether it comes back. */
  public record Order(
      String shop, String city, Double price, int items, boolean express, String outcome) {}

  private ServeTable() {}

  /** Takes {@code --threads}, {@code --rows}, {@code --epochs} and {@code --seed}. */
  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException {
    Options options =
        Options.of("Answers rows of a table from many threads, and says how long each took.")
            .option("threads", "how many ask (" + THREADS + ")")
            .option("rows", "how many rows they ask for in all (" + ROWS + ")")
            .option("epochs", "epochs of the training at most (20)")
            .seed()
            .parse(args);
    int threads = options.number("threads", 1, THREADS);
    int rows = options.number("rows", 1, ROWS);
    int epochs = options.number("epochs", 1, 20);
    int seed = options.number("seed", 0, 66);
    Generator generator = new Generator(seed);

    Rows.Split<Order> orders = Rows.split(orders(TRAINING, generator), 0.8, "outcome", generator);
    Classifier<Order> trained =
        Classifier.of(Order.class, "outcome")
            .log("price")
            .network((in, out) -> network(in, out, generator))
            .trainer(trainer -> trainer.epochs(epochs))
            .seed(seed)
            .fit(orders.first());
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    trained.save(file);
    Classifier<Order> served = Classifier.load(file.toByteArray(), Order.class);
    System.out.println(served.report(orders.second()));

    List<Order> asked = orders(rows, generator);
    for (int i = 0; i < WARM_UP; i++) {
      ask(served, asked, 1); // leaves a processor to the compiler, until all is compiled
    }
    ask(served, asked, threads); // what only happens where several ask is compiled, too
    long start = System.nanoTime();
    double[] micros = ask(served, asked, threads);
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.println(
        String.format(
            Locale.ROOT,
            "%,d rows from %d threads on %d processors in %.2f s:",
            micros.length,
            threads,
            Runtime.getRuntime().availableProcessors(),
            seconds));
    new Latencies(micros).print();
  }

  private static Sequential network(int in, int out, Generator generator) {
    return new Sequential(
        new Linear(in, HIDDEN[0], generator),
        new ReLU(),
        new Linear(HIDDEN[0], HIDDEN[1], generator),
        new ReLU(),
        new Linear(HIDDEN[1], out, generator));
  }

  /** Shares the rows among threads; returns how long each answer took, in microseconds. */
  private static double[] ask(Classifier<Order> classifier, List<Order> rows, int threads)
      throws InterruptedException, ExecutionException {
    double[] micros = new double[rows.size()];
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> parts = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int first = t;
        parts.add(
            pool.submit(
                () -> {
                  for (int i = first; i < micros.length; i += threads) {
                    long start = System.nanoTime();
                    Classifier.Prediction answer = classifier.predict(rows.get(i));
                    micros[i] = (System.nanoTime() - start) / 1e3;
                    if (!classifier.labels().contains(answer.label())) {
                      throw new IllegalStateException("no class: " + answer);
                    }
                  }
                }));
      }
      for (Future<?> part : parts) {
        part.get();
      }
    } finally {
      pool.shutdown();
    }
    return micros;
  }

  /** Dear things and those that were ordered in a hurry come back. */
  private static List<Order> orders(int n, Generator generator) {
    List<Order> orders = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      double price = Math.exp(3 + generator.normal());
      int items = 1 + (int) (4 * generator.uniform());
      boolean express = generator.uniform() < 0.3;
      int city = (int) (CITIES * generator.uniform());
      double chances = Math.log(price) - 3 + (express ? 1 : -0.5) + city % 7 / 7.0 - items / 4.0;
      orders.add(
          new Order(
              "shop " + (char) ('A' + i % 6),
              "city " + city,
              generator.uniform() < 0.1 ? null : price,
              items,
              express,
              chances + generator.normal() / 2 > 0 ? "returned" : "kept"));
    }
    return orders;
  }
}
