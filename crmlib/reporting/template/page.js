(function(){var all=document.getElementById("all-code");if(all)all.addEventListener("change",function(){document.querySelectorAll("details.code").forEach(function(each){each.open=all.checked})})})();
