package doppio.soak;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.internal.ConvolutionProgram;
import doppio.internal.Jvm;
import doppio.internal.TrainingProgram;
import doppio.io.Dtype;
import doppio.io.Npy;
import doppio.io.SafeTensors;
import doppio.loss.BCEWithLogits;
import doppio.loss.CrossEntropy;
import doppio.loss.Hinge;
import doppio.loss.Huber;
import doppio.loss.L1;
import doppio.loss.Loss;
import doppio.loss.MSE;
import doppio.model.ModelFile;
import doppio.model.Onnx;
import doppio.nn.BatchNorm2d;
import doppio.nn.Conv2d;
import doppio.nn.EveryModule;
import doppio.nn.Flatten;
import doppio.nn.LayerNorm;
import doppio.nn.Linear;
import doppio.nn.MaxPool2d;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import doppio.optim.Adagrad;
import doppio.optim.Adam;
import doppio.optim.AdamW;
import doppio.optim.Momentum;
import doppio.optim.Optimizer;
import doppio.optim.RMSprop;
import doppio.optim.SGD;
import doppio.train.Checkpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Prints what a JVM computes, a line each for digests of a training, of every module, optimizer,
 * loss, draw and file: what must be the same in all of them.
 */
final class BitsProgram {
  /** What the lines begin with that say what the JVM is, and so may differ. */
  static final String OF_THE_JVM = "jvm ";

  private static final List<String> OPTIONS =
      List.of("MaxVectorSize", "UseAVX", "UseFMA", "UseSerialGC", "UseG1GC", "UseZGC");

  private BitsProgram() {}

  /** The arguments are those of {@link TrainingProgram}. */
  public static void main(String[] arguments) throws IOException, NoSuchAlgorithmException {
    System.out.println(OF_THE_JVM + "version=" + System.getProperty("java.version"));
    for (String option : OPTIONS) {
      System.out.println(OF_THE_JVM + option + "=" + Jvm.option(option));
    }
    System.out.print(OF_THE_JVM);
    TrainingProgram.main(arguments);
    if (Integer.parseInt(arguments[2]) > 1) {
      System.out.print(OF_THE_JVM);
      ConvolutionProgram.main(new String[] {"bits"});
    }
    EveryModule.forEach((name, results) -> print("module " + name, Digest.of(results)));
    printRules();
    printLosses();
    printDraws();
    printFiles();
  }

  private static void print(String what, String digest) {
    System.out.println(what + " " + digest);
  }

  private static void printRules() {
    Map<String, Function<List<Parameter>, Optimizer>> rules = new LinkedHashMap<>();
    rules.put("SGD", p -> new SGD(p, 0.1));
    rules.put("Momentum", p -> new Momentum(p, 0.1, 0.9));
    rules.put("Adam", p -> new Adam(p, 0.01));
    rules.put("AdamW", p -> new AdamW(p, 0.01));
    rules.put("RMSprop", p -> new RMSprop(p, 0.01));
    rules.put("Adagrad", p -> new Adagrad(p, 0.01));
    rules.forEach(
        (name, rule) -> {
          Module model = new Linear(37, 29, new Generator(1));
          Optimizer optimizer = rule.apply(model.parameters()).weightDecay(1e-3);
          train(model, optimizer, new MSE());
          print("optimizer " + name, Digest.of(List.copyOf(model.stateDict().values())));
        });
  }

  private static void train(Module model, Optimizer optimizer, Loss loss) {
    for (int step = 0; step < 5; step++) {
      optimizer.zeroGrad();
      Tensor y = model.forward(RandomTensors.normal(step, 11, 37));
      loss.forward(y, RandomTensors.normal(-step, y.shape()));
      model.accumulateGradients(loss.backward());
      optimizer.step();
    }
  }

  private static void printLosses() {
    Tensor prediction = RandomTensors.normal(1, 13, 5);
    Tensor classes = Tensor.zeros(13);
    Tensor signs = Tensor.full(-1, 13, 5);
    for (int i = 0; i < 13; i++) {
      classes.set(i % 5, i);
      signs.set(1, i, i % 5);
    }
    Map<Loss, Tensor> targets = new LinkedHashMap<>();
    targets.put(new MSE(), RandomTensors.normal(2, 13, 5));
    targets.put(new L1(), RandomTensors.normal(2, 13, 5));
    targets.put(new Huber(0.5), RandomTensors.normal(2, 13, 5));
    targets.put(new Hinge(), signs);
    targets.put(new BCEWithLogits(), Tensor.full(0.3, 13, 5));
    targets.put(new CrossEntropy(), classes);
    targets.forEach(
        (loss, target) -> {
          double value = loss.forward(prediction, target);
          print("loss " + loss, Digest.of(List.of(Tensor.of(value), loss.backward())));
        });
  }

  private static void printDraws() {
    Generator generator = new Generator(66);
    double[] values = new double[1001];
    generator.uniform(values, -1, 2);
    print("draw uniform", Digest.of(values));
    generator.normal(values, 0.5, 3);
    print("draw normal", Digest.of(values));
    generator.truncatedNormal(values, 0, 1, -2, 2);
    print("draw truncated normal", Digest.of(values));
    generator.bernoulli(values, 0.3);
    print("draw bernoulli", Digest.of(values));
    print(
        "draw permutation",
        Digest.of(Arrays.stream(generator.permutation(1001)).asDoubleStream().toArray()));
    Generator single = new Generator(66).singlePrecision();
    single.normal(values, 0, 1);
    print("draw in single precision", Digest.of(values));
    print("draw random64", Long.toHexString(generator.random64()));
  }

  /** Writes something to a stream. */
  private interface Save {
    void to(OutputStream out) throws IOException;
  }

  private static void printFiles() throws IOException {
    Generator g = new Generator(5);
    Module model =
        new Sequential(
            new Conv2d(1, 3, 3, g),
            new BatchNorm2d(3),
            new ReLU(),
            new MaxPool2d(2),
            new Flatten(),
            new Linear(27, 10, g),
            new LayerNorm(10),
            new Tanh());
    Optimizer optimizer = new Adam(model.parameters(), 0.01);
    Loss loss = new MSE();
    loss.forward(model.forward(RandomTensors.normal(1, 6, 1, 8, 8)), Tensor.zeros(6, 10));
    model.accumulateGradients(loss.backward());
    optimizer.step();
    for (Dtype dtype : List.of(Dtype.F64, Dtype.F32)) {
      print("file SafeTensors " + dtype, out -> SafeTensors.save(out, model.stateDict(), dtype));
    }
    print("file Npy", out -> Npy.save(out, RandomTensors.normal(1, 3, 5)));
    print("file ModelFile", out -> ModelFile.save(out, model));
    print("file Onnx", out -> Onnx.save(out, model.eval(), 1, 8, 8));
    Checkpoint checkpoint = new Checkpoint(model).optimizer(optimizer).generator("g", g);
    print("file Checkpoint", out -> checkpoint.save(out, Map.of()));
    byte[] file = bytes(out -> ModelFile.save(out, model));
    Tensor x = RandomTensors.normal(2, 4, 1, 8, 8);
    print("answer of a file that was read", Digest.of(ModelFile.load(file).infer(x).data()));
  }

  private static void print(String what, Save save) throws IOException {
    print(what, Digest.of(bytes(save)));
  }

  private static byte[] bytes(Save save) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    save.to(out);
    return out.toByteArray();
  }
}
