package doppio.examples;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.loss.MSE;
import doppio.nn.LSTM;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Sequential;
import doppio.nn.Stepper;
import doppio.optim.Adam;
import doppio.optim.Schedule;
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
 * A thousand sensors, one model: each sensor has a stepper, which answers every reading with what
 * the next one should be, and remembers the readings before. Several threads answer at once.
 *
 * <p>The sensors swing, each at a pace and a height of its own, with some noise. In the middle of
 * the stream a few of them get stuck: a reading far from what was expected tells which.
 */
public final class Sensor {
  private static final int THREADS = 8;
  private static final int CHANNELS = 1000;
  private static final int STEPS = 500;
  private static final int WIDTH = 32;
  private static final int EPOCHS = 20;
  private static final double NOISE = 0.05;

  /** What is trained on: so many sensors for so many readings. */
  private static final int TRAINED = 256;

  private static final int LENGTH = 60;

  /** Each so-manieth sensor gets stuck in the middle. */
  private static final int STUCK = 50;

  /** An alarm looks at so many readings, and at none before a model can know the sensor. */
  private static final int MEAN_OF = 5;

  private static final int WARM_UP = 50;

  private Sensor() {}

  /** What was forecast for one sensor at each of its readings, and how long each answer took. */
  private static final class Answers {
    final double[] forecasts;
    final double[] micros;

    Answers(int steps) {
      forecasts = new double[steps];
      micros = new double[steps];
    }
  }

  /** Answers {@code --help}. */
  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException {
    Options options =
        Options.of("Answers a thousand streams step by step with one model.")
            .option("channels", "how many sensors (" + CHANNELS + ")")
            .option("steps", "how many readings each gives (" + STEPS + ")")
            .option("threads", "how many threads answer (" + THREADS + ")")
            .option("epochs", "how long the model is trained (" + EPOCHS + ")")
            .seed()
            .out()
            .parse(args);
    int channels = options.number("channels", 1, CHANNELS);
    int steps = options.number("steps", 2, STEPS);
    int threads = options.number("threads", 1, THREADS);
    Generator generator = new Generator(options.number("seed", 0, 66));
    Module model = train(options.number("epochs", 1, EPOCHS), generator);
    double[][] readings = new double[channels][];
    Arrays.setAll(readings, i -> readings(steps, isStuck(i), generator));

    answer(model, readings, threads); // until all is compiled
    long start = System.nanoTime();
    List<Answers> answers = answer(model, readings, threads);
    double seconds = (System.nanoTime() - start) / 1e9;

    System.out.println(
        String.format(
            Locale.ROOT,
            "%d sensors, %d threads on %d processors: %d answers in %.2f s, %.0f a second",
            channels,
            threads,
            Runtime.getRuntime().availableProcessors(),
            channels * steps,
            seconds,
            channels * steps / seconds));
    Latencies latencies =
        new Latencies(answers.stream().flatMapToDouble(a -> Arrays.stream(a.micros)).toArray());
    latencies.print();
    compare(model, readings, answers);
    findStuck(readings, answers);
    System.out.println();
    Charts.save(
        options.folder().resolve("sensor.png"),
        latencies.chart(channels + " streams, " + threads + " threads, one model", "answers"));
  }

  /** A model that says at each reading what the next one will be. */
  private static Module train(int epochs, Generator generator) {
    Tensor inputs = Tensor.zeros(TRAINED, LENGTH, 1);
    Tensor targets = Tensor.zeros(TRAINED, LENGTH, 1);
    for (int i = 0; i < TRAINED; i++) {
      double[] readings = readings(LENGTH + 1, false, generator);
      System.arraycopy(readings, 0, inputs.data(), i * LENGTH, LENGTH);
      System.arraycopy(readings, 1, targets.data(), i * LENGTH, LENGTH);
    }
    Module model = new Sequential(new LSTM(1, WIDTH, generator), new Linear(WIDTH, 1, generator));
    new Trainer(model, new MSE(), new Adam(model.parameters(), 5e-3))
        .epochs(epochs)
        .batchSize(16)
        .shuffle(generator)
        .schedulePerEpoch(Schedule.cosine(epochs))
        .fit(new Dataset(inputs, targets));
    return model;
  }

  /** A swing with noise, at a pace, height and phase that are drawn; one that is stuck stays. */
  private static double[] readings(int steps, boolean stuck, Generator generator) {
    double pace = 0.2 + 0.4 * generator.uniform();
    double height = 0.5 + generator.uniform();
    double phase = 2 * Math.PI * generator.uniform();
    double[] readings = new double[steps];
    for (int t = 0; t < steps; t++) {
      double swing = height * StrictMath.sin(phase + pace * t) + NOISE * generator.normal();
      readings[t] = stuck && t > steps / 2 ? readings[t - 1] : swing;
    }
    return readings;
  }

  /** Each thread takes a part of the sensors, and goes from one to the next at every reading. */
  private static List<Answers> answer(Module model, double[][] readings, int threads)
      throws InterruptedException, ExecutionException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<List<Answers>>> tasks = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int from = readings.length * i / threads;
        int to = readings.length * (i + 1) / threads;
        tasks.add(() -> answer(model, Arrays.copyOfRange(readings, from, to)));
      }
      List<Answers> answers = new ArrayList<>();
      for (Future<List<Answers>> part : pool.invokeAll(tasks)) {
        answers.addAll(part.get());
      }
      return answers;
    } finally {
      pool.shutdown();
    }
  }

  private static List<Answers> answer(Module model, double[][] readings) {
    List<Stepper> steppers = new ArrayList<>();
    List<Answers> answers = new ArrayList<>();
    for (double[] sensor : readings) {
      steppers.add(model.stepper());
      answers.add(new Answers(sensor.length));
    }
    for (int t = 0; readings.length > 0 && t < readings[0].length; t++) {
      for (int i = 0; i < readings.length; i++) {
        long start = System.nanoTime();
        Tensor next = steppers.get(i).step(Tensor.of(readings[i][t]));
        answers.get(i).micros[t] = (System.nanoTime() - start) / 1e3;
        answers.get(i).forecasts[t] = next.get(0);
      }
    }
    return answers;
  }

  /** Each stream's answers are those of the whole sequence at once. */
  private static void compare(Module model, double[][] readings, List<Answers> answers) {
    for (int i = 0; i < readings.length; i++) {
      Tensor whole = model.infer(Tensor.of(readings[i]).reshape(-1, 1));
      if (!Arrays.equals(whole.data(), answers.get(i).forecasts)) {
        throw new IllegalStateException("other answers to sensor " + i);
      }
    }
    System.out.println("All answers equal those of the whole sequence to the bit.");
  }

  /** Alarms at an error, over a few readings, that no sensor had in the first half. */
  private static void findStuck(double[][] readings, List<Answers> answers) {
    int half = readings[0].length / 2;
    double[][] errors = new double[readings.length][];
    Arrays.setAll(errors, i -> errors(readings[i], answers.get(i).forecasts));
    double usual = 0;
    for (double[] sensor : errors) {
      usual = Math.max(usual, Arrays.stream(sensor, Math.min(WARM_UP, half), half).max().orElse(0));
    }
    int stuck = 0;
    int noticed = 0;
    int falseAlarms = 0;
    for (int i = 0; i < errors.length; i++) {
      double limit = usual;
      boolean alarm = Arrays.stream(errors[i], half, errors[i].length).anyMatch(e -> e > limit);
      stuck += isStuck(i) ? 1 : 0;
      noticed += isStuck(i) && alarm ? 1 : 0;
      falseAlarms += !isStuck(i) && alarm ? 1 : 0;
    }
    System.out.println(
        noticed + " of " + stuck + " stuck sensors noticed, " + falseAlarms + " false alarms");
  }

  /** The mean distance of the last readings from what was forecast for them. */
  private static double[] errors(double[] readings, double[] forecasts) {
    double[] errors = new double[readings.length];
    double sum = 0;
    for (int t = 1; t < errors.length; t++) {
      sum += Math.abs(readings[t] - forecasts[t - 1]);
      if (t > MEAN_OF) {
        sum -= Math.abs(readings[t - MEAN_OF] - forecasts[t - MEAN_OF - 1]);
      }
      errors[t] = sum / MEAN_OF;
    }
    return errors;
  }

  private static boolean isStuck(int sensor) {
    return sensor % STUCK == STUCK - 1;
  }
}
