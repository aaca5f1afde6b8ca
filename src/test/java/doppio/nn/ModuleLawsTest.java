package doppio.nn;

import static doppio.TensorAssertions.assertClose;
import static doppio.TensorAssertions.assertSame;
import static doppio.nn.ModuleCase.gradients;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import doppio.RandomTensors;
import doppio.ShapeException;
import doppio.Tensor;
import doppio.check.GradientCheck;
import doppio.nn.ModuleCase.Law;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every module computes, on every row of {@link ModuleCases}. */
class ModuleLawsTest {
  private static final String ALL = "doppio.nn.ModuleCases#all";

  @ParameterizedTest
  @MethodSource(ALL)
  void gradientsAreThoseOfTheOutput(ModuleCase c) {
    for (Tensor x : c.inputs()) {
      GradientCheck.check(c.create(1), x);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void inferIsForwardInEvaluationMode(ModuleCase c) {
    for (Tensor x : c.inputs()) {
      Module module = c.create(1);
      Tensor inTraining = module.infer(x);
      assertThat(module.isTraining()).isTrue();
      module.eval();
      assertSame(module.forward(x), inTraining);
      assertSame(module.infer(x), inTraining);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void batchAgreesWithItsSamples(ModuleCase c) {
    Module whole = c.create(1).eval();
    Module oneByOne = whole.copy();
    Tensor batch = c.batch(2, 7);
    Tensor y = whole.forward(batch);
    Tensor gy = RandomTensors.normal(3, y.shape());
    Tensor gx = whole.backward(gy);
    for (int n = 0; n < 7; n++) {
      Tensor x = row(batch, n);
      Tensor sample = oneByOne.forward(asBatch(x));
      assertClose(sample, asBatch(row(y, n)));
      assertClose(oneByOne.backward(asBatch(row(gy, n))), asBatch(row(gx, n)));
      if (c.keeps(Law.SAMPLE_ALONE)) {
        assertSame(asBatch(oneByOne.forward(x)), sample);
        assertClose(oneByOne.infer(x), row(y, n));
      }
    }
    assertClose(gradients(oneByOne), gradients(whole));
  }

  /** Dropout draws another mask for each. */
  @ParameterizedTest
  @MethodSource(ALL)
  void inTrainingABatchAgreesWithItsSamplesUnlessTheRowSaysOtherwise(ModuleCase c) {
    Module whole = c.create(1);
    if (!whole.namedGenerators().isEmpty() || !c.keeps(Law.ONE_SAMPLE_IN_TRAINING)) {
      return;
    }
    Module oneByOne = whole.copy();
    Tensor batch = c.batch(2, 7);
    Tensor y = whole.forward(batch);
    boolean same = true;
    for (int n = 0; n < 7; n++) {
      double[] row = row(y, n).data();
      double[] alone = oneByOne.forward(asBatch(row(batch, n))).data();
      for (int i = 0; i < row.length; i++) {
        same &= Math.abs(alone[i] - row[i]) <= 1e-12;
      }
    }
    assertThat(same).isEqualTo(c.keeps(Law.SAMPLES_ARE_INDEPENDENT_IN_TRAINING));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void inTrainingAnyBatchIsTakenUnlessTheRowSaysOtherwise(ModuleCase c) {
    for (int n : new int[] {0, 1}) {
      Module module = c.create(1);
      Tensor x = c.batch(2, n);
      if (c.keeps(n == 0 ? Law.EMPTY_BATCH_IN_TRAINING : Law.ONE_SAMPLE_IN_TRAINING)) {
        assertThat(module.forward(x).dim(0)).isEqualTo(n);
      } else {
        assertThatThrownBy(() -> module.forward(x))
            .isInstanceOf(ShapeException.class)
            .hasMessageContaining("more than one value per channel in training but got [" + n);
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void gradientsInTrainingAreThoseOfTheOutput(ModuleCase c) {
    GradientCheck.checkTraining(c.create(1), c.batch(15, 3));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void emptyBatchGivesEmptyOutputAndZeroGradients(ModuleCase c) {
    Module module = c.inModeForAll(c.create(1));
    int[] shape = module.infer(c.batch(2, 4)).shape();
    shape[0] = 0;
    Tensor empty = c.batch(2, 0);
    assertThat(module.infer(empty).shape()).isEqualTo(shape);
    assertThat(module.forward(empty).shape()).isEqualTo(shape);
    assertThat(module.backward(Tensor.zeros(shape)).shape()).isEqualTo(empty.shape());
    module.accumulateGradients(Tensor.zeros(shape));
    for (Tensor g : gradients(module)) {
      assertThat(g.data()).containsOnly(0);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void accumulateGradientsAddsWhatBackwardAdds(ModuleCase c) {
    for (Tensor x : c.inputs()) {
      Module module = c.create(1).eval();
      Module twin = module.copy();
      Tensor gy = RandomTensors.normal(2, module.infer(x).shape());
      for (int pass = 0; pass < 2; pass++) {
        module.forward(x);
        module.backward(gy);
        twin.forward(x);
        twin.accumulateGradients(gy);
      }
      assertSame(gradients(twin), gradients(module));
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void gradientsAddUpUntilZeroGrad(ModuleCase c) {
    Module module = c.create(1).eval();
    Tensor first = c.single(2);
    Tensor second = c.batch(3, 3);
    List<Tensor> alone = new ArrayList<>();
    for (Tensor x : List.of(first, second)) {
      module.zeroGrad();
      backward(module, x);
      alone.addAll(gradients(module));
    }
    module.zeroGrad();
    backward(module, first);
    backward(module, second);
    List<Tensor> sums = gradients(module);
    for (int p = 0; p < sums.size(); p++) {
      double[] a = alone.get(p).data();
      double[] b = alone.get(p + sums.size()).data();
      for (int i = 0; i < a.length; i++) {
        assertThat(sums.get(p).data()[i]).isCloseTo(a[i] + b[i], within(1e-12));
      }
    }
    module.zeroGrad();
    for (Tensor g : gradients(module)) {
      assertThat(g.data()).containsOnly(0);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aFrozenParameterGetsNoGradientAndChangesNoOther(ModuleCase c) {
    Module module = c.create(1).eval();
    Tensor x = c.batch(3, 3);
    backward(module, x);
    List<Tensor> all = gradients(module);
    for (int frozen = 0; frozen < all.size(); frozen++) {
      List<Parameter> parameters = module.parameters();
      module.zeroGrad();
      parameters.get(frozen).frozen(true);
      backward(module, x);
      for (int p = 0; p < all.size(); p++) {
        assertThat(parameters.get(p).hasGradient()).isEqualTo(p != frozen);
        if (p != frozen) {
          assertSame(parameters.get(p).grad(), all.get(p));
        }
      }
      parameters.get(frozen).frozen(false);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void manyThreadsInferTheBitsOfOne(ModuleCase c) throws Exception {
    int threads = 16;
    Module module = c.create(1);
    List<Tensor> inputs = new ArrayList<>();
    List<Tensor> expected = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      inputs.add(c.batch(i, 1 + i));
      expected.add(module.infer(inputs.get(i)));
    }
    CyclicBarrier start = new CyclicBarrier(threads);
    Callable<List<Tensor>> task =
        () -> {
          start.await();
          List<Tensor> outputs = new ArrayList<>();
          for (int round = 0; round < 3; round++) {
            inputs.forEach(x -> outputs.add(module.infer(x)));
          }
          return outputs;
        };
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<List<Tensor>>> results = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        results.add(pool.submit(task));
      }
      for (Future<List<Tensor>> result : results) {
        List<Tensor> outputs = result.get();
        for (int i = 0; i < outputs.size(); i++) {
          assertSame(outputs.get(i), expected.get(i % threads));
        }
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static void backward(Module module, Tensor x) {
    Tensor y = module.forward(x);
    module.backward(RandomTensors.normal(9, y.shape()));
  }

  private static Tensor row(Tensor batch, int n) {
    int[] shape = Arrays.copyOfRange(batch.shape(), 1, batch.rank());
    int size = batch.size() / batch.dim(0);
    return Tensor.wrap(Arrays.copyOfRange(batch.data(), n * size, (n + 1) * size), shape);
  }

  private static Tensor asBatch(Tensor sample) {
    int[] shape = new int[sample.rank() + 1];
    shape[0] = 1;
    System.arraycopy(sample.shape(), 0, shape, 1, sample.rank());
    return sample.reshape(shape);
  }
}
