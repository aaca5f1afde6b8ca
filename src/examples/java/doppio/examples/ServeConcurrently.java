package doppio.examples;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.data.Digits;
import doppio.loss.CrossEntropy;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.optim.Adam;
import doppio.train.Trainer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One trained model answers many threads at once, without a lock or a copy, and gives each the bits
 * that one thread alone gets.
 */
public final class ServeConcurrently {
  private static final int THREADS = 8;
  private static final int REQUESTS = 50_000;
  private static final double WHITE = 16;

  private ServeConcurrently() {}

  /** Answers {@code --help}. */
  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException {
    Options options =
        Options.of("One model answers many threads, and each gets the single thread's bits.")
            .option("threads", "how many ask (" + THREADS + ")")
            .option("requests", "how often each asks (" + REQUESTS + ")")
            .seed()
            .out()
            .parse(args);
    int threads = options.number("threads", 1, THREADS);
    int requests = options.number("requests", 1, REQUESTS);
    Generator generator = new Generator(options.number("seed", 0, 66));
    Dataset digits = Digits.load().scale(1 / WHITE);
    Module model = train(digits, generator);

    Tensor[] questions = new Tensor[digits.size()];
    Arrays.setAll(questions, i -> digits.slice(i, i + 1).inputs());
    double[][] expected = new double[questions.length][];
    Arrays.setAll(expected, i -> model.infer(questions[i]).data());

    serve(threads, () -> ask(model, questions, expected, requests)); // until all is compiled
    long start = System.nanoTime();
    double[] micros = serve(threads, () -> ask(model, questions, expected, requests));
    double seconds = (System.nanoTime() - start) / 1e9;
    Latencies latencies = new Latencies(micros);

    System.out.println(
        String.format(
            Locale.ROOT,
            "%d threads on %d processors, one model, %d answers in %.2f s: %.0f a second",
            threads,
            Runtime.getRuntime().availableProcessors(),
            micros.length,
            seconds,
            micros.length / seconds));
    System.out.println("All answers equal the single thread's to the bit.");
    latencies.print();
    System.out.println();
    Charts.save(
        options.folder().resolve("serve-concurrently.png"),
        latencies.chart(threads + " threads, one model: latency of an answer", "answers"));
  }

  private static Module train(Dataset digits, Generator generator) {
    Module model =
        new Sequential(new Linear(64, 64, generator), new ReLU(), new Linear(64, 10, generator));
    new Trainer(model, new CrossEntropy(), new Adam(model.parameters(), 1e-3))
        .epochs(3)
        .shuffle(generator)
        .fit(digits);
    return model;
  }

  /** One thread's work: asks, compares, returns how long each answer took, in microseconds. */
  private static double[] ask(Module model, Tensor[] questions, double[][] expected, int requests) {
    double[] micros = new double[requests];
    for (int i = 0; i < requests; i++) {
      int question = i % questions.length;
      long start = System.nanoTime();
      Tensor answer = model.infer(questions[question]);
      micros[i] = (System.nanoTime() - start) / 1e3;
      if (!Arrays.equals(answer.data(), expected[question])) {
        throw new IllegalStateException("another answer to question " + question);
      }
    }
    return micros;
  }

  private static double[] serve(int threads, Callable<double[]> client)
      throws InterruptedException, ExecutionException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<double[]>> clients = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        clients.add(client);
      }
      List<double[]> parts = new ArrayList<>();
      for (Future<double[]> part : pool.invokeAll(clients)) {
        parts.add(part.get());
      }
      return parts.stream().flatMapToDouble(Arrays::stream).toArray();
    } finally {
      pool.shutdown();
    }
  }
}
