package doppio;

import static java.util.Collections.singletonList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import doppio.data.Csv;
import doppio.data.DataLoader;
import doppio.data.Dataset;
import doppio.data.Idx;
import doppio.data.Mnist;
import doppio.data.Sequences;
import doppio.io.Npy;
import doppio.io.SafeTensors;
import doppio.loss.L2;
import doppio.loss.Loss;
import doppio.loss.MSE;
import doppio.model.JavaSource;
import doppio.model.ModelFile;
import doppio.model.Onnx;
import doppio.model.TorchFile;
import doppio.nn.LayerNorm;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Sequential;
import doppio.optim.GradientClip;
import doppio.optim.Optimizer;
import doppio.optim.SGD;
import doppio.train.Trainer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Whoever passes null reads which argument it was. */
class NullArgumentsTest {
  private final Module model = new Sequential(new Linear(2, 3));
  private final Tensor x = Tensor.zeros(1, 2);

  @Test
  void aNullFileFolderOrTensorIsNamed() {
    Map<String, ThrowingCallable> files = new LinkedHashMap<>();
    files.put("SafeTensors.load", () -> SafeTensors.load((Path) null));
    files.put("SafeTensors.save", () -> SafeTensors.save((Path) null, Map.of("x", x)));
    files.put("Npy.load", () -> Npy.load((Path) null));
    files.put("Npy.save", () -> Npy.save((Path) null, x));
    files.put("Idx.read", () -> Idx.read((Path) null));
    files.put("Csv.read", () -> Csv.read((Path) null));
    files.put("ModelFile.load", () -> ModelFile.load((Path) null));
    files.put("ModelFile.save", () -> ModelFile.save((Path) null, model));
    files.put("Onnx.load", () -> Onnx.load((Path) null));
    files.put("Onnx.save", () -> Onnx.save((Path) null, model, 2));
    files.put("TorchFile.load", () -> TorchFile.load((Path) null));
    files.forEach((name, call) -> named(name, call, "file"));
    named("Mnist.load", () -> Mnist.load(null), "folder");
    named("JavaSource.write", () -> JavaSource.write(null, "A", model, 2), "folder");
    named("forward", () -> model.forward(null), "\"x\" is null");
    named("infer", () -> model.infer(null), "\"x\" is null");
  }

  @Test
  void aNullPartIsNamed() {
    Loss loss = new MSE();
    Optimizer optimizer = new SGD(model.parameters(), 1);
    Dataset data = new Dataset(x, x);
    named("Trainer", () -> new Trainer(null, loss, optimizer), "model");
    named("Trainer", () -> new Trainer(model, null, optimizer), "loss");
    named("Trainer", () -> new Trainer(model, loss, null), "optimizer");
    named("Loss", () -> loss.forward(null, x), "prediction");
    named("Loss", () -> loss.forward(x, null), "target");
    named("Dataset", () -> new Dataset(x, null), "targets");
    named(
        "Sequences", () -> new Sequences(List.of(x), singletonList(null)), "element 0 of targets");
    named("subset", () -> data.subset((int[]) null), "rows");
    named("shuffle", () -> new DataLoader(data, 1).shuffle(null), "generator");
    named("loadStateDict", () -> model.loadStateDict(null), "state");
    named("L2", () -> L2.penalty(1, null), "parameters");
    named("GradientClip.norm", () -> GradientClip.norm(null, 1), "parameters");
    named("GradientClip.value", () -> GradientClip.value(null, 1), "parameters");
    named("LayerNorm", () -> new LayerNorm((int[]) null), "shape");
    named("JavaSource", () -> JavaSource.write(Path.of("."), null, model, 2), "className");
    named("JavaSource", () -> JavaSource.write(Path.of("."), "A", null, 2), "module");
    named(
        "JavaSource",
        () -> JavaSource.write(Path.of("."), "A", model, (int[]) null),
        "shapeOfOneSample");
  }

  private static void named(String call, ThrowingCallable code, String argument) {
    Throwable thrown = catchThrowable(code);
    assertThat(thrown).as(call).isInstanceOf(NullPointerException.class);
    assertThat(thrown.getMessage()).as(call).endsWith(argument);
  }
}
