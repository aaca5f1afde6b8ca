package doppio.nn;

import static doppio.TensorAssertions.assertSame;
import static doppio.nn.StepperLawsTest.steps;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.internal.ChildJvm;
import doppio.internal.ChildJvm.Result;
import doppio.io.SafeTensors;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole networks step by step. */
class SteppedNetworksTest {
  private static final int STREAMS = 64;
  private static final int THREADS = 16;

  static Stream<String> networks() {
    return SteppedNetworks.all().keySet().stream();
  }

  private static Tensor sequence(int seed, int length) {
    return RandomTensors.normal(seed, length, SteppedNetworks.FEATURES);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void theStepsHaveTheBitsOfTheWholeSequenceAtAnyLength(String name) {
    Module network = SteppedNetworks.all().get(name);
    for (int length : new int[] {1, 2, 3, 17, 100}) {
      Tensor batch = RandomTensors.normal(length, 3, length, SteppedNetworks.FEATURES);
      Tensor whole = network.infer(batch);
      for (int n = 0; n < 3; n++) {
        assertSame(steps(network.stepper(), row(batch, n)), row(whole, n));
      }
    }
  }

  private static Tensor row(Tensor batch, int n) {
    int size = batch.size() / batch.dim(0);
    double[] row = Arrays.copyOfRange(batch.data(), n * size, (n + 1) * size);
    return Tensor.wrap(row, batch.dim(1), batch.dim(2));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aStateThatIsSavedInTheMiddleGoesOnToTheSameBitsAndSoDoesACopy(String name) throws Exception {
    Module network = SteppedNetworks.all().get(name);
    for (int before : new int[] {0, 1, 9}) {
      Stepper stepper = network.stepper();
      Tensor rest = sequence(2, 12);
      if (before > 0) {
        steps(stepper, sequence(1, before));
      }
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      SafeTensors.save(file, stepper.stateDict());
      Stepper copy = stepper.copy();
      Tensor expected = steps(stepper, rest);
      Stepper loaded = SteppedNetworks.all().get(name).stepper();
      steps(loaded, sequence(3, 4));
      loaded.loadStateDict(SafeTensors.load(file.toByteArray()));
      assertSame(steps(loaded, rest), expected);
      assertSame(steps(copy, rest), expected);
      stepper.reset();
      assertSame(steps(stepper, rest), network.infer(rest));
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void sixtyFourSteppersInSixteenThreadsEqualSixtyFourOneAfterTheOther(String name)
      throws Exception {
    Module network = SteppedNetworks.all().get(name);
    List<Tensor> expected = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      expected.add(steps(network.stepper(), sequence(i, 20 + i % 5)));
    }
    CyclicBarrier start = new CyclicBarrier(THREADS);
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<List<Tensor>>> tasks = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int first = thread;
        tasks.add(() -> interleaved(network, first, start));
      }
      List<Future<List<Tensor>>> futures = pool.invokeAll(tasks);
      for (int thread = 0; thread < THREADS; thread++) {
        for (int k = 0; k < STREAMS / THREADS; k++) {
          assertSame(futures.get(thread).get().get(k), expected.get(thread + k * THREADS));
        }
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /** Four streams of one thread, a step of each in turn. */
  private static List<Tensor> interleaved(Module network, int first, CyclicBarrier start)
      throws Exception {
    int count = STREAMS / THREADS;
    List<Stepper> steppers = new ArrayList<>();
    List<Tensor> sequences = new ArrayList<>();
    List<List<double[]>> outputs = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      int stream = first + k * THREADS;
      steppers.add(network.stepper());
      sequences.add(sequence(stream, 20 + stream % 5));
      outputs.add(new ArrayList<>());
    }
    start.await();
    for (int t = 0; t < 25; t++) {
      for (int k = 0; k < count; k++) {
        Tensor x = sequences.get(k);
        if (t < x.dim(0)) {
          int width = x.dim(1);
          double[] step = Arrays.copyOfRange(x.data(), t * width, (t + 1) * width);
          outputs.get(k).add(steppers.get(k).step(Tensor.wrap(step, width)).data());
        }
      }
    }
    return outputs.stream().map(rows -> Tensor.of(rows.toArray(new double[0][]))).toList();
  }

  @Test
  @Tag("jvm")
  void theBitsAreTheSameWithAllKernelsAtAnyWidthAndOnAnyNumberOfThreads() {
    Set<List<String>> digests = new HashSet<>();
    for (String[] options :
        new String[][] {
          {"-Ddoppio.kernels=scalar", "-Ddoppio.threads=1"},
          {"-Ddoppio.kernels=scalar", "-Ddoppio.threads=4", "-XX:MaxVectorSize=16"},
          {"-Ddoppio.kernels=vector", "-Ddoppio.threads=1", "--add-modules=jdk.incubator.vector"},
          {
            "-Ddoppio.kernels=vector",
            "-Ddoppio.threads=4",
            "-XX:MaxVectorSize=16",
            "--add-modules=jdk.incubator.vector"
          }
        }) {
      Result result = ChildJvm.run(StepperProgram.class, List.of(options));
      assertThat(result.exit()).as("%s", result).isZero();
      assertThat(result.output()).hasSize(SteppedNetworks.all().size());
      digests.add(result.output());
    }
    assertThat(digests).hasSize(1);
  }

  /** In a JVM of its own, where nothing else has shaped what is compiled. */
  @ParameterizedTest
  @Tag("jvm")
  @ValueSource(strings = {"scalar", "vector"})
  void aStepAllocatesWhatItReturnsAndNextToNothingElse(String kernels) {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean,
        "this JVM does not count what it allocates");
    List<String> options =
        List.of(
            "--add-modules=jdk.incubator.vector",
            "-Ddoppio.kernels=" + kernels,
            "-Ddoppio.threads=1");
    Result result = ChildJvm.run(StepperProgram.class, options, StepperProgram.ALLOCATION);
    assertThat(result.exit()).as("%s", result).isZero();
    assertThat(result.output())
        .hasSize(SteppedNetworks.all().size())
        .allMatch(
            line ->
                Long.parseLong(line.substring(line.indexOf(": ") + 2)) <= StepperProgram.ALLOWED,
            "too many bytes");
  }
}
