package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.ShapeException;
import doppio.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A module that the laws are tested on: how to make one, what it takes and what it refuses. */
final class ModuleCase {
  private final String name;
  private final Function<Generator, Module> constructor;
  private final int[] sample;
  private final List<int[]> others = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private boolean anyShape;
  private int indices;
  private int[] indexColumns = {};
  private final Map<Law, String> exceptions = new EnumMap<>(Law.class);

  /** Laws that not every module can keep. */
  enum Law {
    /** A sample comes without a batch dimension, too. */
    SAMPLE_ALONE,

    /** In training, a batch's outputs are those of its samples. */
    SAMPLES_ARE_INDEPENDENT_IN_TRAINING,

    /** In training, a batch may be empty. */
    EMPTY_BATCH_IN_TRAINING,

    /** In training, a batch may have one sample. */
    ONE_SAMPLE_IN_TRAINING,

    /** It is written as ONNX, and comes back. */
    ONNX
  }

  /**
   * An input that is refused.
   *
   * @param input of a wrong shape
   * @param problem the message up to the path
   * @param path where in the module the layer sits; empty for a layer itself
   */
  record Refusal(Tensor input, String problem, String path) {}

  /**
   * A case with no refusals yet.
   *
   * @param name shown in reports
   * @param constructor makes a module with random parameters
   * @param sample the shape of one sample; the batch comes before it
   */
  ModuleCase(String name, Function<Generator, Module> constructor, int... sample) {
    this.name = name;
    this.constructor = constructor;
    this.sample = sample;
  }

  /** Adds a shape, other than samples and their batches, that the module takes. */
  ModuleCase accepts(int... shape) {
    others.add(shape);
    return this;
  }

  /** Adds a shape that the module does not take. */
  ModuleCase refuses(String problem, String path, int... shape) {
    refusals.add(new Refusal(Tensor.zeros(shape), problem, path));
    return this;
  }

  /** Says that the module takes every shape from rank 1 on. */
  ModuleCase anyShape() {
    anyShape = true;
    return this;
  }

  /** Says that numbers of an input are indices below a count: in these columns, or in all. */
  ModuleCase indices(int count, int... columns) {
    indices = count;
    indexColumns = columns;
    return this;
  }

  boolean takesIndices() {
    return indices > 0;
  }

  boolean takesAnyShape() {
    return anyShape;
  }

  /** Whether the module takes the input in training mode. */
  boolean takesInTraining(Tensor x) {
    try {
      return create(1).forward(x) != null;
    } catch (ShapeException e) {
      return false;
    }
  }

  /** Says that a law is not kept, and why. */
  ModuleCase except(Law law, String reason) {
    assertThat(reason).isNotBlank();
    exceptions.put(law, reason);
    return this;
  }

  boolean keeps(Law law) {
    return !exceptions.containsKey(law);
  }

  /** Puts a module into a mode that takes all inputs. */
  Module inModeForAll(Module module) {
    boolean all = keeps(Law.EMPTY_BATCH_IN_TRAINING) && keeps(Law.ONE_SAMPLE_IN_TRAINING);
    return all ? module : module.eval();
  }

  List<Refusal> refusals() {
    return refusals;
  }

  /** One with parameters that depend on the seed. */
  Module create(long seed) {
    return constructor.apply(new Generator(seed));
  }

  /** Random samples, {@code [n, ..]}. */
  Tensor batch(long seed, int n) {
    return input(seed, batchShape(n));
  }

  /** A random sample without a batch dimension. */
  Tensor single(long seed) {
    return input(seed, sample);
  }

  /** A random input of a shape that the module takes. */
  Tensor input(long seed, int... shape) {
    Tensor input = RandomTensors.normal(seed, shape);
    Generator random = new Generator(seed);
    for (int i = 0; indices > 0 && i < input.size(); i++) {
      if (indexColumns.length == 0
          || Arrays.binarySearch(indexColumns, i % shape[shape.length - 1]) >= 0) {
        input.data()[i] = random.random32() % indices;
      }
    }
    return input;
  }

  /** Inputs of every kind: a single sample, batches small, empty and odd, the other shapes. */
  List<Tensor> inputs() {
    List<Tensor> inputs = new ArrayList<>();
    inputs.add(single(11));
    for (int n : new int[] {0, 1, 2, 7}) {
      inputs.add(batch(12 + n, n));
    }
    others.forEach(shape -> inputs.add(input(20, shape)));
    return inputs;
  }

  /** Copies of the gradients of a module's parameters. */
  static List<Tensor> gradients(Module module) {
    return module.parameters().stream().map(p -> p.grad().copy()).toList();
  }

  private int[] batchShape(int n) {
    int[] shape = new int[sample.length + 1];
    shape[0] = n;
    System.arraycopy(sample, 0, shape, 1, sample.length);
    return shape;
  }

  @Override
  public String toString() {
    return name;
  }
}
