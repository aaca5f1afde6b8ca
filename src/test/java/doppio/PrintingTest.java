package doppio;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import doppio.data.Batch;
import doppio.data.DataLoader;
import doppio.data.Dataset;
import doppio.data.Mnist;
import doppio.data.Standardizer;
import doppio.io.SafeTensors;
import doppio.loss.MSE;
import doppio.metric.Metric;
import doppio.nn.Linear;
import doppio.nn.Parameter;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.optim.Optimizer;
import doppio.optim.SGD;
import doppio.optim.Schedule;
import doppio.optim.Scheduler;
import doppio.train.Callback;
import doppio.train.Checkpoint;
import doppio.train.Checkpoints;
import doppio.train.EarlyStopping;
import doppio.train.EpochLogger;
import doppio.train.EpochResult;
import doppio.train.GradientStatistics;
import doppio.train.Monitor;
import doppio.train.ProgressBar;
import doppio.train.Trainer;
import doppio.train.Training;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is public prints itself; modules have a test of their own. */
class PrintingTest {
  private static final Path FILE = Path.of("best.safetensors");

  /** Arguments for the factories of interfaces, by type. */
  private static final Map<Class<?>, Object> ARGUMENTS =
      Map.ofEntries(
          entry(int.class, 3),
          entry(int[].class, new int[] {3, 5}),
          entry(double.class, 0.5),
          entry(Path.class, FILE),
          entry(Monitor.class, Monitor.trainingLoss()),
          entry(Schedule.class, Schedule.cosine(2)));

  private final Dataset data = new Dataset(Tensor.zeros(5, 2), Tensor.zeros(5, 1));

  @Test
  void everyPublicClassPrintsItself() {
    assertThat(ExportedTypes.visible().stream().filter(PrintingTest::hasInstances))
        .contains(Generator.class, DataLoader.class, Parameter.class, Dataset.Split.class)
        .allSatisfy(
            type ->
                assertThat(type.getMethod("toString").getDeclaringClass())
                    .as("what declares the toString() of %s", type)
                    .isNotEqualTo(Object.class));
  }

  @Test
  void everythingThatPublicFactoriesOfInterfacesReturnPrintsItself() throws Exception {
    List<Method> factories =
        ExportedTypes.visible().stream()
            .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
            .filter(PrintingTest::makesAnInterfaceOfOurs)
            .toList();
    assertThat(factories).extracting(Method::getReturnType).contains(Metric.class, Callback.class);
    for (Method factory : factories) {
      Object made = invoke(factory);
      assertThat(made.getClass().getMethod("toString").getDeclaringClass())
          .as("what declares the toString() of the result of %s", factory)
          .isNotEqualTo(Object.class);
      assertThat(made.toString()).isNotBlank().doesNotContain("\n", "@");
    }
  }

  @Test
  void generatorsPrintTheSeedAndTheState() {
    Generator generator = new Generator(66);
    String first = generator.toString();
    assertThat(first).matches("Generator\\(seed 66, state [0-9a-f]{8}\\)");
    assertThat(new Generator(66)).hasToString(first);
    long[] state = generator.state();
    assertThat(generator.singlePrecision()).hasToString(first.replace(")", ", single precision)"));
    generator.normal();
    assertThat(generator.toString())
        .matches("Generator\\(seed 66, state [0-9a-f]{8}\\)")
        .isNotEqualTo(first);
    assertThat(generator.state(state)).hasToString(first.replace("seed 66, ", ""));
    assertThat(generator.seed(66)).hasToString(first);
    assertThat(new Generator(67).toString()).startsWith("Generator(seed 67, ");
  }

  @Test
  void dataPrintsItsShapes() {
    assertThat(data).hasToString("Dataset(inputs [5, 2], targets [5, 1])");
    assertThat(data.split(0.4))
        .hasToString(
            "Split(first Dataset(inputs [2, 2], targets [2, 1]),"
                + " second Dataset(inputs [3, 2], targets [3, 1]))");
    assertThat(new Mnist(data, data.slice(0, 0)))
        .hasToString(
            "Mnist(train Dataset(inputs [5, 2], targets [5, 1]),"
                + " test Dataset(inputs [0, 2], targets [0, 1]))");
    assertThat(new Batch(Tensor.zeros(4, 3), Tensor.zeros(4)))
        .hasToString("Batch(inputs [4, 3], targets [4])");
    assertThat(Standardizer.fit(data)).hasToString("Standardizer(features [2])");
    assertThat(new SafeTensors.Contents(Map.of("a", Tensor.zeros(1000)), Map.of("by", "hand")))
        .hasToString("Contents(tensors 1, metadata {by=hand})");
  }

  @Test
  void loadersPrintHowTheyCut() {
    assertThat(new DataLoader(data, 2)).hasToString("DataLoader(5 samples in batches of 2)");
    assertThat(new DataLoader(data, 2).shuffle(new Generator(1)).dropLast(true))
        .hasToString("DataLoader(5 samples in batches of 2, shuffled, partial last batch dropped)");
  }

  @Test
  void parametersPrintTheirShapeAndWhetherTheyAreFrozen() {
    Parameter weight = new Parameter(Tensor.zeros(128, 784));
    assertThat(weight).hasToString("Parameter[128, 784]");
    assertThat(weight.frozen(true)).hasToString("Parameter[128, 784] (frozen)");
  }

  @Test
  void metricsPrintTheirNames() {
    assertThat(
            Stream.of(
                Metric.accuracy(),
                Metric.roundedAccuracy(),
                Metric.topK(5),
                Metric.meanAbsoluteError(),
                Metric.rSquared()))
        .extracting(Metric::toString)
        .containsExactly("accuracy", "rounded accuracy", "top-5", "mean absolute error", "R²");
  }

  @Test
  void monitorsPrintWhatIsBetter() {
    assertThat(
            Stream.of(
                Monitor.validationLoss(),
                Monitor.trainingLoss(),
                Monitor.highest("accuracy"),
                Monitor.lowest("error")))
        .extracting(Monitor::toString)
        .containsExactly(
            "lowest validation loss", "lowest training loss", "highest accuracy", "lowest error");
  }

  @Test
  void callbacksPrintTheirSettings() {
    PrintStream out = new PrintStream(new ByteArrayOutputStream());
    assertThat(
            Stream.of(
                new ProgressBar(out),
                new ProgressBar(out, ProgressBar.Style.BAR).label("run 3"),
                new EpochLogger(),
                new EarlyStopping(5),
                new EarlyStopping(5, 0.001).watch(Monitor.highest("accuracy")).restoreBest(),
                new GradientStatistics(),
                new GradientStatistics("0.weight", "0.bias"),
                Checkpoints.best(FILE),
                Checkpoints.everyEpochs(2, FILE),
                Checkpoints.everySteps(100, FILE)))
        .extracting(Callback::toString)
        .containsExactly(
            "ProgressBar(LINES)",
            "ProgressBar(run 3, BAR)",
            "EpochLogger()",
            "EarlyStopping(patience 5, lowest validation loss)",
            "EarlyStopping(patience 5, min delta 0.001, highest accuracy, restores the best)",
            "GradientStatistics(all parameters)",
            "GradientStatistics(0.weight, 0.bias)",
            "Checkpoints.best(best.safetensors, lowest validation loss)",
            "Checkpoints.everyEpochs(2, best.safetensors)",
            "Checkpoints.everySteps(100, best.safetensors)");
  }

  @Test
  void trainersPrintTheirSettings() {
    Sequential model = new Sequential(new Linear(2, 1), new ReLU());
    Optimizer optimizer = new SGD(model.parameters(), 0.1);
    Trainer trainer = new Trainer(model, new MSE(), optimizer);
    assertThat(trainer)
        .hasToString(
            "Trainer(Sequential, MSE, " + optimizer + ", epochs 1, batch size 32, shuffled)");
    trainer
        .epochs(20)
        .batchSize(64)
        .shuffle(new Generator(0))
        .schedulePerEpoch(Schedule.cosine(20))
        .clipValue(2)
        .clipNorm(1)
        .l2(0.01)
        .validation(data)
        .metric("error", Metric.meanAbsoluteError())
        .callback(new EpochLogger());
    assertThat(trainer)
        .hasToString(
            "Trainer(Sequential, MSE, "
                + optimizer
                + ", epochs 20, batch size 64, shuffled, schedule per epoch, clip value 2.0,"
                + " clip norm 1.0, L2 0.01, validation on 5 samples, metrics [error],"
                + " callbacks [EpochLogger()])");
    Linear linear = new Linear(2, 1);
    assertThat(new Trainer(linear, new MSE(), new SGD(linear.parameters(), 0.1)).toString())
        .startsWith("Trainer(Linear(2 → 1), MSE, ");
    assertThat(new Trainer(linear, new MSE(), new SGD(linear.parameters(), 0.1)).inOrder())
        .asString()
        .endsWith(", epochs 1, batch size 32, in order)");
  }

  @Test
  void trainingsPrintWhereTheyStand() {
    Linear model = new Linear(2, 1);
    Trainer trainer = new Trainer(model, new MSE(), new SGD(model.parameters(), 0.1)).epochs(3);
    assertThat(trainer.training()).hasToString("Training(0 of 3 epochs done, RUNNING)");
    trainer
        .batchSize(2)
        .callback(
            new Callback() {
              @Override
              public void batch(Training training) {
                if (training.step() == 5) {
                  training.stop();
                }
              }
            })
        .fit(data);
    assertThat(trainer.training())
        .hasToString("Training(1 of 3 epochs done, 2 of 3 batches, STOPPED)");
  }

  @Test
  void epochsPrintTheirNumbers() {
    assertThat(new EpochResult(3, 0.25, Double.NaN, Map.of("accuracy", 0.5), 0.1, 2, 1000, 10))
        .hasToString("epoch 3: loss 0.2500, accuracy 0.5000; 500 samples/s");
  }

  @Test
  void checkpointsPrintWhatTheyKeep() {
    Linear model = new Linear(2, 1);
    Optimizer optimizer = new SGD(model.parameters(), 0.1);
    assertThat(new Checkpoint(model)).hasToString("Checkpoint(model)");
    assertThat(
            new Checkpoint(model)
                .optimizer(optimizer)
                .scheduler(new Scheduler(optimizer, Schedule.cosine(3)))
                .generator("shuffle", new Generator(1)))
        .hasToString("Checkpoint(model, optimizer, scheduler, generator shuffle)");
  }

  /** Not those that only hold static methods. */
  private static boolean hasInstances(Class<?> type) {
    return !Modifier.isAbstract(type.getModifiers())
        && (type.getConstructors().length > 0
            || Arrays.stream(type.getDeclaredMethods())
                .anyMatch(m -> !Modifier.isStatic(m.getModifiers())));
  }

  private static boolean makesAnInterfaceOfOurs(Method method) {
    Class<?> result = method.getReturnType();
    return Modifier.isStatic(method.getModifiers())
        && Modifier.isPublic(method.getModifiers())
        && result.isInterface()
        && result.getName().startsWith("doppio.");
  }

  private static Object invoke(Method factory)
      throws IllegalAccessException, InvocationTargetException {
    assertThat(ARGUMENTS.keySet())
        .as("types of arguments, for %s", factory)
        .containsAll(List.of(factory.getParameterTypes()));
    return factory.invoke(
        null, Arrays.stream(factory.getParameterTypes()).map(ARGUMENTS::get).toArray());
  }
}
