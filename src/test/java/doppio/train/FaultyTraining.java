package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Campaign;
import doppio.Generator;
import doppio.Tensor;
import doppio.data.Batch;
import doppio.data.Dataset;
import doppio.data.Samples;
import doppio.fault.Fault;
import doppio.loss.CrossEntropy;
import doppio.metric.Metric;
import doppio.nn.BatchNorm1d;
import doppio.nn.Dropout;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.optim.Adam;
import doppio.optim.Momentum;
import doppio.optim.Optimizer;
import doppio.optim.ParameterGroup;
import doppio.optim.ParameterState;
import doppio.optim.SGD;
import doppio.optim.Schedule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Trains once for each place where memory may be too little, which it is there, and goes on. Made
 * for {@link doppio.fault.FaultyClasses}.
 */
public final class FaultyTraining implements Supplier<Map<String, Integer>> {
  private static final Dataset DATA = Problem.data(66, 10);
  private static final Dataset HELD_OUT = Problem.data(67, 5);
  private static final List<String> KINDS =
      List.of("everything", "blocks", "best", "own rule", "trial and resume");

  /** A place of this test's: in a callback, a metric, or where samples are read. */
  private static final int OWN = -1;

  private final String kind;

  /** Every number of the training that none of the faults meets, by where it stands. */
  private final Map<String, List<Long>> expected = new HashMap<>();

  /** What was saved before the first step. */
  private byte[] start;

  /** What was saved after the second step. */
  private byte[] early;

  private int errors;
  private int halfMade;
  private List<Long> expectedEnd;
  private List<List<Double>> expectedResults;

  /** A training of one of the kinds that {@link StepErrorsTest} has. */
  public FaultyTraining(String kind) {
    this.kind = kind;
  }

  @Override
  public Map<String, Integer> get() {
    learn();
    if (kind.equals("trial and resume")) {
      failInATrial();
      failInAResume();
      return counts();
    }
    Subject noted = new Subject();
    Fault.record();
    noted.trainer.fit(noted.data);
    int[] calls = calls();
    for (int i = 0; i < calls.length; i++) {
      failAt(calls[i], i % 2 == 0);
    }
    return counts();
  }

  /** All places, or one of five: many are on the way of every kind, and each takes others. */
  private int[] calls() {
    int[] all = Fault.calls();
    return Campaign.LONG
        ? all
        : IntStream.range(0, all.length)
            .filter(i -> i % KINDS.size() == KINDS.indexOf(kind))
            .map(i -> all[i])
            .toArray();
  }

  /** A trial leaves everything as it was. */
  private void failInATrial() {
    Subject noted = new Subject().resume(early);
    Fault.record();
    noted.trainer.trial(noted.data);
    for (int call : calls()) {
      Subject subject = new Subject().resume(early);
      List<Long> before = subject.end();
      failsIn(call, true, () -> subject.trainer.trial(subject.data));
      assertThat(subject.end()).as("call %s of a trial", call).isEqualTo(before);
      subject.goOn("call " + call + " of a trial");
    }
  }

  /** After whatever error all is as it was before, or as it is in the file. */
  private void failInAResume() {
    Subject noted = new Subject();
    Fault.record();
    noted.resume(early);
    int[] calls = calls();
    List<Long> after = noted.end();
    for (int call : calls) {
      Subject subject = new Subject();
      List<Long> before = subject.end();
      failsIn(call, true, () -> subject.resume(early));
      assertThat(subject.end()).as("call %s of a resume", call).isIn(before, after);
      subject.resume(early).goOn("call " + call + " of a resume");
    }
  }

  private void failsIn(int call, boolean goesOn, Runnable action) {
    Fault.arm(call, goesOn);
    try {
      action.run();
    } catch (OutOfMemoryError e) {
      assertThat(e).hasMessage("of a test");
    } finally {
      errors += Fault.disarm() ? 1 : 0;
    }
  }

  /** Fails where the heap is full but for some room, from none to so many bytes. */
  Map<String, Integer> inAFullHeap(int most, int by) {
    learn();
    for (int room = 0; room < most; room += by) {
      Subject subject = new Subject();
      boolean failed = false;
      Ballast.fill(room);
      try {
        subject.trainer.fit(subject.data);
      } catch (OutOfMemoryError e) {
        failed = true;
      } finally {
        Ballast.drop();
      }
      if (failed) {
        errors++;
        look(subject, "room for " + room + " bytes");
      }
    }
    return counts();
  }

  private Map<String, Integer> counts() {
    return Map.of("errors", errors, "half made", halfMade);
  }

  private void learn() {
    Subject whole = new Subject();
    start = whole.save();
    whole.trainer.callback(whole.noting(expected));
    expected.put(whole.place(), whole.numbers());
    whole.trainer.fit(DATA);
    expectedEnd = whole.end();
    expectedResults = Problem.results(whole.trainer.training().history());
    // Once more, so that all classes are there: one whose loading fails is lost for good.
    Subject again = new Subject();
    again.trainer.fit(whole.data);
    early = again.early;
    if (!isForTheBest()) {
      new Subject().resume(early).goOn("resumed");
    }
  }

  private void failAt(int call, boolean goesOn) {
    Subject subject = new Subject();
    failsIn(call, goesOn, () -> subject.trainer.fit(subject.data));
    look(subject, "call " + call + (goesOn ? " and all after it" : ""));
  }

  /** Where a training stands after an error, and how it goes on. */
  private void look(Subject subject, String what) {
    byte[] saved = subject.saved == null ? start : subject.saved;
    if (subject.trainer.training().toString().contains("half made")) {
      halfMade++;
      String place = "the last whole one is step " + subject.trainer.training().step() + ",";
      assertThatThrownBy(() -> subject.trainer.fit(subject.data))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(place);
      assertThatThrownBy(() -> subject.trainer.save(new ByteArrayOutputStream()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(place);
      assertThatThrownBy(() -> subject.trainer.trial(subject.data))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(place);
      subject.resume(saved);
    } else if (subject.trainer.training().restoredEpoch() == 0) {
      assertThat(subject.numbers())
          .as("%s: %s", what, subject.place())
          .isEqualTo(expected.get(subject.place()));
    }
    if (isForTheBest()) {
      // Of which a file has no copy: this training alone can go on.
      subject.goOn(what);
      return;
    }
    new Subject().resume(subject.save()).goOn(what + ", resumed");
    subject.goOn(what);
    new Subject().resume(saved).goOn(what + ", resumed from before");
  }

  private boolean isForTheBest() {
    return kind.equals("best");
  }

  /** A training and all that it is of. */
  private final class Subject {
    private final Generator generator = new Generator(1);
    private final Module model;
    private final Optimizer optimizer;
    private final Trainer trainer;
    private final Samples data = new Read();
    private byte[] saved;
    private byte[] early;
    private boolean goesOn;

    Subject() {
      Generator masks = kind.equals("blocks") ? new Generator(2) : generator;
      Linear first = new Linear(Problem.INPUTS, 5, generator);
      Module between = kind.equals("own rule") ? new ReLU() : new BatchNorm1d(5);
      model =
          new Sequential(
              first,
              between,
              new ReLU(),
              new Dropout(0.3, masks),
              new Linear(5, Problem.CLASSES, generator));
      optimizer = optimizer();
      trainer =
          new Trainer(model, new CrossEntropy(), optimizer)
              .epochs(2)
              .batchSize(4)
              .shuffle(generator)
              .validation(HELD_OUT)
              .metric("accuracy", metric())
              .historyLimit(3);
      switch (kind) {
        case "everything", "trial and resume" ->
            trainer.schedulePerStep(Schedule.cosine(9)).clipValue(1).clipNorm(0.1);
        case "best" -> {}
        case "blocks" -> trainer.schedulePerEpoch(Schedule.cosine(5)).gradientBlocks(2);
        default ->
            trainer
                .l2(0.1)
                .callback(new ReduceLROnPlateau(0.5, 0).watch(Monitor.highest("accuracy")));
      }
      if (isForTheBest()) {
        trainer.callback(new EarlyStopping(9).restoreBest());
      }
      trainer.callback(new Saves());
    }

    private Optimizer optimizer() {
      List<Parameter> parameters = model.parameters();
      return switch (kind) {
        case "everything", "trial and resume" -> {
          Optimizer adam = new Adam(parameters, 0.05).weightDecay(0.01);
          adam.group(parameters.subList(0, 1)).learningRate(0.03);
          yield adam;
        }
        case "blocks" -> new Momentum(parameters, 0.05, 0.9);
        case "best" -> new SGD(parameters, 0.1);
        default -> new OwnRule(parameters).weightDecay(0.01).decoupledWeightDecay(0.001);
      };
    }

    private Metric metric() {
      Metric accuracy = Metric.accuracy();
      return (predictions, targets) -> {
        Fault.point(OWN - 1);
        return accuracy.of(predictions, targets);
      };
    }

    byte[] save() {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try {
        trainer.save(out);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return out.toByteArray();
    }

    Subject resume(byte[] file) {
      try {
        trainer.resume(new ByteArrayInputStream(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return this;
    }

    /** Goes on to the end, which has to be the same. */
    void goOn(String what) {
      goesOn = true;
      boolean over = trainer.training().epoch() == 2;
      if (!over || isForTheBest()) {
        trainer.fit(data);
      }
      assertThat(Problem.results(trainer.training().history())).as(what).isEqualTo(expectedResults);
      // Rates follow the schedule before a next step, and there was none.
      assertThat(over ? numbers() : end())
          .as(what)
          .isEqualTo(over ? expected.get(place()) : expectedEnd);
    }

    String place() {
      Training training = trainer.training();
      return "epoch " + training.epoch() + ", batch " + training.batch();
    }

    Callback noting(Map<String, List<Long>> notes) {
      return new Callback() {
        @Override
        public void batch(Training training) {
          notes.put(place(), numbers());
        }

        @Override
        public void epoch(Training training) {
          notes.put(place(), numbers());
        }
      };
    }

    /** All numbers but the learning rates, which follow the schedule before the next step. */
    List<Long> numbers() {
      List<Long> numbers = new ArrayList<>();
      add(numbers, model.stateDict());
      Map<String, Tensor> state = optimizer.stateDict();
      state.keySet().removeIf(key -> key.contains("learningRate"));
      add(numbers, state);
      for (Generator g : model.namedGenerators().values()) {
        for (long word : g.state()) {
          numbers.add(word);
        }
      }
      for (long word : generator.state()) {
        numbers.add(word);
      }
      return numbers;
    }

    List<Long> end() {
      List<Long> end = numbers();
      add(end, optimizer.stateDict());
      for (double loss : trainer.training().history().batchLoss()) {
        end.add(Double.doubleToLongBits(loss));
      }
      return end;
    }

    private void add(List<Long> numbers, Map<String, Tensor> tensors) {
      for (Tensor tensor : tensors.values()) {
        for (double value : tensor.data()) {
          numbers.add(Double.doubleToLongBits(value));
        }
      }
    }

    /** Saves now and then until there was an error, and may fail wherever it is called. */
    private final class Saves implements Callback {
      @Override
      public void start(Training training) {
        Fault.point(OWN - 2);
      }

      @Override
      public void gradients(Training training) {
        Fault.point(OWN - 3);
      }

      @Override
      public void batch(Training training) {
        Fault.point(OWN - 4);
        if (training.step() == 2 && !goesOn) {
          saved = save();
          early = saved;
        }
      }

      @Override
      public void epoch(Training training) {
        Fault.point(OWN - 5);
        saved = goesOn ? null : save();
      }

      @Override
      public void end(Training training) {
        Fault.point(OWN - 6);
      }

      @Override
      public void closed(Training training) {
        Fault.point(OWN - 7);
      }
    }
  }

  /** Rows that may fail to be read. */
  private static final class Read implements Samples {
    @Override
    public int size() {
      return DATA.size();
    }

    @Override
    public int[] inputShape() {
      return DATA.inputShape();
    }

    @Override
    public int[] targetShape() {
      return DATA.targetShape();
    }

    @Override
    public void read(int[] rows, Batch into) {
      Fault.point(OWN - 8);
      DATA.read(rows, into);
    }
  }

  /** Half a step in a buffer, and may fail on the way. */
  private static final class OwnRule extends Optimizer {
    OwnRule(List<Parameter> parameters) {
      super(parameters, 0.1);
    }

    @Override
    protected void update(Parameter parameter, ParameterState state, ParameterGroup group) {
      double[] w = parameter.value().data();
      double[] g = parameter.grad().data();
      double[] m = state.buffer(0);
      for (int i = 0; i < w.length; i++) {
        m[i] = 0.5 * m[i] + g[i];
      }
      Fault.point(OWN - 9);
      for (int i = 0; i < w.length; i++) {
        w[i] -= group.learningRate() * m[i];
        if (i == w.length / 2) {
          Fault.point(OWN - 10);
        }
      }
    }
  }
}
