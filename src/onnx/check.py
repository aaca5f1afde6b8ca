"""Has ONNX's own checker look at what mvn -Ponnx test has written: python3 src/onnx/check.py"""

import glob
import sys

try:
    import onnx
except ImportError:
    sys.exit("skipped: there is no onnx package here (Debian: apt-get install python3-onnx)")

files = sorted(glob.glob("target/onnx/*.onnx"))
for file in files:
    model = onnx.load(file)
    onnx.checker.check_model(model, full_check=True)
print(f"{len(files)} files are right, says onnx {onnx.__version__}")
sys.exit(0 if files else "no files: mvn -Ponnx test writes them")
